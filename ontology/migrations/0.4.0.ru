# A disputed point names the claims that differ on it (dip:disputes); so far each claim named the point (dip:bearsOn), and
# nobody could put a new point to claims that another submission describes.
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
DELETE { GRAPH ?graph { ?claim dip:bearsOn ?point } }
INSERT { GRAPH ?graph { ?point dip:disputes ?claim } }
WHERE { GRAPH ?graph { ?claim dip:bearsOn ?point } }
