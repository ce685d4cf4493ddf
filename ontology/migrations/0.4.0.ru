# A disputed point names the claims that differ on it (dip:disputes); so far each claim named the point (dip:bearsOn), and
# nobody could put a new point to claims that another submission describes.
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
PREFIX dipk: <https://w3id.org/regional-diplomacy/kinds/>
DELETE { GRAPH ?graph { ?claim dip:bearsOn ?point } }
INSERT { GRAPH ?graph { ?point dip:disputes ?claim } }
WHERE { GRAPH ?graph { ?claim dip:bearsOn ?point } } ;
# A status has a holder (dip:heldBy), by whose word it is so: the speaker of the statement through which its source has it ...
INSERT { GRAPH ?graph { ?status dip:heldBy ?holder } }
WHERE {
    {
        SELECT ?graph ?status (MIN(STR(?speaker)) AS ?name) WHERE {
            GRAPH ?graph { ?status a dip:StatusRecord }
            GRAPH ?reported { ?report dip:reports ?status ; dip:basedOn dipk:attributed ; dip:relayedThrough ?words }
            GRAPH ?said { ?words dip:madeBy ?speaker }
        }
        GROUP BY ?graph ?status
    }
    FILTER NOT EXISTS { GRAPH ?known { ?status dip:heldBy ?other } }
    BIND ( IRI(?name) AS ?holder )
} ;
# ... else the speaker of the statement that holds the act out, and that the same report attributes ...
INSERT { GRAPH ?graph { ?status dip:heldBy ?holder } }
WHERE {
    {
        SELECT ?graph ?status (MIN(STR(?speaker)) AS ?name) WHERE {
            GRAPH ?graph { ?status a dip:StatusRecord ; dip:appliesTo ?matter }
            GRAPH ?reported { ?report dip:reports ?status , ?words ; dip:basedOn dipk:attributed }
            GRAPH ?said { ?words dip:holdsOut|dip:asksFor|dip:announces|dip:advances|dip:denies ?matter ; dip:madeBy ?speaker }
        }
        GROUP BY ?graph ?status
    }
    FILTER NOT EXISTS { GRAPH ?known { ?status dip:heldBy ?other } }
    BIND ( IRI(?name) AS ?holder )
} ;
# ... else who publishes the source in which its report is found.
INSERT { GRAPH ?graph { ?status dip:heldBy ?holder } }
WHERE {
    {
        SELECT ?graph ?status (MIN(STR(?publisher)) AS ?name) WHERE {
            GRAPH ?graph { ?status a dip:StatusRecord }
            GRAPH ?reported { ?report dip:reports ?status ; dip:foundIn ?source }
            GRAPH ?published { ?source dip:publishedBy ?publisher }
        }
        GROUP BY ?graph ?status
    }
    FILTER NOT EXISTS { GRAPH ?known { ?status dip:heldBy ?other } }
    BIND ( IRI(?name) AS ?holder )
}
