"""The terms that the program names, each written once.

A constant is called after its term (``DIP.CLAIM_KEY`` is dip:claimKey); a test looks each one up in the
ontology or in the vocabulary that defines it.
"""

from functools import partial

from pyoxigraph import NamedNode

from kg.iris import KINDS, PREFIXES, TERMS


def _term(namespace: str, name: str) -> NamedNode:
    return NamedNode(namespace + name)


_dip, _dipk = partial(_term, TERMS), partial(_term, KINDS)
_rdf = partial(_term, PREFIXES["rdf"])
_rdfs = partial(_term, PREFIXES["rdfs"])
_owl = partial(_term, PREFIXES["owl"])
_skos = partial(_term, PREFIXES["skos"])
_dcterms = partial(_term, PREFIXES["dcterms"])
_prov = partial(_term, PREFIXES["prov"])
_sh = partial(_term, PREFIXES["sh"])
_xsd = partial(_term, PREFIXES["xsd"])


class DIP:
    """Classes and properties of our ontology."""

    ACCOUNT = _dip("Account")
    ACTOR = _dip("Actor")
    ASSESSMENT = _dip("Assessment")
    CLAIM = _dip("Claim")
    COMMIT = _dip("Commit")
    DISPUTED_POINT = _dip("DisputedPoint")
    HAPPENING = _dip("Happening")
    IDENTITY_JUDGEMENT = _dip("IdentityJudgement")
    INSCRIPTION = _dip("Inscription")
    INTERPRETATION = _dip("Interpretation")
    OFFICE = _dip("Office")
    OFFICE_HOLDING = _dip("OfficeHolding")
    ORGANIZATION = _dip("Organization")
    OUTLET = _dip("Outlet")
    PARTICIPATION = _dip("Participation")
    PASSAGE = _dip("Passage")
    PERSON = _dip("Person")
    PLACE = _dip("Place")
    PROSPECTIVE_ACT = _dip("ProspectiveAct")
    QUANTITY = _dip("Quantity")
    REGION = _dip("Region")
    REPORT = _dip("Report")
    SOURCE = _dip("Source")
    STATE = _dip("State")
    STATEMENT = _dip("Statement")
    STATUS_RECORD = _dip("StatusRecord")
    SUBMISSION = _dip("Submission")
    SYMBOLIC_OBJECT = _dip("SymbolicObject")
    TIME_SPAN = _dip("TimeSpan")
    ADAPTED_FROM = _dip("adaptedFrom")
    ADDRESSED_TO = _dip("addressedTo")
    ADVANCES = _dip("advances")
    ALLEGED_ACTOR = _dip("allegedActor")
    ALLEGED_KIND = _dip("allegedKind")
    ALLEGED_TARGET = _dip("allegedTarget")
    ANNOUNCES = _dip("announces")
    APPLIES_TO = _dip("appliesTo")
    ASKS_FOR = _dip("asksFor")
    ASSESSED_BY = _dip("assessedBy")
    ASSESSES = _dip("assesses")
    ATTESTED_AT = _dip("attestedAt")
    BASED_ON = _dip("basedOn")
    BEARS = _dip("bears")
    BOUND_FOR = _dip("boundFor")
    CARRIES = _dip("carries")
    CITES = _dip("cites")
    CLAIM_KEY = _dip("claimKey")
    CLAIMED_BY = _dip("claimedBy")
    CODE = _dip("code")
    COMPARED_WITH = _dip("comparedWith")
    COMPRISES = _dip("comprises")
    CONCERNS = _dip("concerns")
    CONDITION = _dip("condition")
    CONTENT = _dip("content")
    CONTENT_HASH = _dip("contentHash")
    CONTESTED_WORD = _dip("contestedWord")
    DATE = _dip("date")
    DATE_AS_WRITTEN = _dip("dateAsWritten")
    DATE_BASIS = _dip("dateBasis")
    DENIES = _dip("denies")
    DEPARTS_FROM = _dip("departsFrom")
    DIRECTED_AT = _dip("directedAt")
    DISCLAIMS = _dip("disclaims")
    DISPUTES = _dip("disputes")
    EARLIEST = _dip("earliest")
    END_OFFSET = _dip("endOffset")
    ENDS_AT = _dip("endsAt")
    EQUIVALENT_WORD = _dip("equivalentWord")
    EXACT_HASH = _dip("exactHash")
    EXACT_TEXT = _dip("exactText")
    EXAMINES_NAMES_OF = _dip("examinesNamesOf")
    EXAMINES_VALUES_OF = _dip("examinesValuesOf")
    FOLLOWS = _dip("follows")
    FOUND_IN = _dip("foundIn")
    GIVEN_BY = _dip("givenBy")
    GIVEN_IN = _dip("givenIn")
    GIVES_REASON_FOR = _dip("givesReasonFor")
    GOVERNS = _dip("governs")
    HAS_KIND = _dip("hasKind")
    HAS_MEDIUM = _dip("hasMedium")
    HAS_MODE = _dip("hasMode")
    HAS_OCCASION = _dip("hasOccasion")
    HAS_PRECISION = _dip("hasPrecision")
    HAS_STATUS = _dip("hasStatus")
    HAS_TONE = _dip("hasTone")
    HAS_TOPIC = _dip("hasTopic")
    HAS_VERDICT = _dip("hasVerdict")
    HEDGED_AS = _dip("hedgedAs")
    HELD_BY = _dip("heldBy")
    HOLDS_OFFICE = _dip("holdsOffice")
    HOLDS_OUT = _dip("holdsOut")
    HOSTED_BY = _dip("hostedBy")
    INFERENCE_NOTE = _dip("inferenceNote")
    INSCRIPTION_AFTER = _dip("inscriptionAfter")
    INSCRIPTION_BEFORE = _dip("inscriptionBefore")
    INTENSITY = _dip("intensity")
    INVOLVES = _dip("involves")
    IN_LAYER = _dip("inLayer")
    LATEST = _dip("latest")
    MADE_BY = _dip("madeBy")
    MADE_IN_OFFICE = _dip("madeInOffice")
    MADE_WITH = _dip("madeWith")
    MEANING = _dip("meaning")
    OF_CLASS = _dip("ofClass")
    OCCURS_AT = _dip("occursAt")
    OCCURS_IN = _dip("occursIn")
    OFFICE_OF = _dip("officeOf")
    OUTCOME = _dip("outcome")
    PARAPHRASE = _dip("paraphrase")
    PART_OF = _dip("partOf")
    PERFORMED_BY = _dip("performedBy")
    POSITION = _dip("position")
    PREDICTS = _dip("predicts")
    PREFIX = _dip("prefix")
    PUBLISHED_BY = _dip("publishedBy")
    QUALIFIER = _dip("qualifier")
    QUOTATION = _dip("quotation")
    QUOTES = _dip("quotes")
    REASON = _dip("reason")
    RECEIVED_BY = _dip("receivedBy")
    RECORDED_IN = _dip("recordedIn")
    RECOUNTS = _dip("recounts")
    REFUSES = _dip("refuses")
    RELAYED_THROUGH = _dip("relayedThrough")
    REPORTS = _dip("reports")
    RESERVE = _dip("reserve")
    RESPONDS_TO = _dip("respondsTo")
    RETRACTS = _dip("retracts")
    SAME_DAY_AS = _dip("sameDayAs")
    SCHEME_VERSION = _dip("schemeVersion")
    SEEN_IN = _dip("seenIn")
    SETTLED_BY = _dip("settledBy")
    SOFTWARE_VERSION = _dip("softwareVersion")
    SPEAKS_FOR = _dip("speaksFor")
    START_OFFSET = _dip("startOffset")
    STARTS_AT = _dip("startsAt")
    SUFFIX = _dip("suffix")
    SUPERSEDES = _dip("supersedes")
    TAKES_PART_IN = _dip("takesPartIn")
    TAKES_PLACE_IN = _dip("takesPlaceIn")
    TEXT = _dip("text")
    TEXT_HASH = _dip("textHash")
    TEXT_LENGTH = _dip("textLength")
    TOWARD = _dip("toward")
    URL = _dip("url")
    USES_SCHEME = _dip("usesScheme")
    VERSION = _dip("version")
    WARNING = _dip("warning")
    WIKIDATA_ITEM = _dip("wikidataItem")
    WORDED_AS = _dip("wordedAs")
    WOULD_BE_DIRECTED_AT = _dip("wouldBeDirectedAt")
    WOULD_BE_PERFORMED_BY = _dip("wouldBePerformedBy")


class DIPK:
    """Kinds of our lists."""

    ANNOUNCED_BY_PERFORMER = _dipk("announced-by-performer")
    ATTRIBUTED = _dipk("attributed")
    CARRIED_OUT = _dipk("carried-out")
    CLAIMED = _dipk("claimed")
    CONCEDED = _dipk("conceded")
    CONCILIATORY = _dipk("conciliatory")
    DESCRIBED_AS = _dipk("described-as")
    DAY = _dipk("day")
    DISPARAGING = _dipk("disparaging")
    HEADLINE = _dipk("headline")
    HOSTILE = _dipk("hostile")
    INFERRED = _dipk("inferred")
    MONTH = _dipk("month")
    NEUTRAL = _dipk("neutral")
    OWN_VOICE = _dipk("own-voice")
    PLAIN = _dipk("plain")
    POSITIVE = _dipk("positive")
    RECORDED_AS_DATA = _dipk("recorded-as-data")
    REJECTED = _dipk("rejected")
    SAME = _dipk("same")
    SHARP = _dipk("sharp")
    STATED = _dipk("stated")
    UPHELD = _dipk("upheld")
    WRONGFUL_CONDUCT = _dipk("wrongful-conduct")
    YEAR = _dipk("year")


class RDF:
    """RDF 1.1."""

    FIRST = _rdf("first")
    PROPERTY = _rdf("Property")
    REST = _rdf("rest")
    TYPE = _rdf("type")


class RDFS:
    """RDF Schema."""

    CLASS = _rdfs("Class")
    DOMAIN = _rdfs("domain")
    IS_DEFINED_BY = _rdfs("isDefinedBy")
    LABEL = _rdfs("label")
    RANGE = _rdfs("range")
    RESOURCE = _rdfs("Resource")
    SEE_ALSO = _rdfs("seeAlso")
    SUB_CLASS_OF = _rdfs("subClassOf")
    SUB_PROPERTY_OF = _rdfs("subPropertyOf")


class OWL:
    """OWL 2."""

    ALL_DISJOINT_CLASSES = _owl("AllDisjointClasses")
    ALL_VALUES_FROM = _owl("allValuesFrom")
    ANNOTATION_PROPERTY = _owl("AnnotationProperty")
    CLASS = _owl("Class")
    COMPLEMENT_OF = _owl("complementOf")
    DATATYPE_PROPERTY = _owl("DatatypeProperty")
    DEPRECATED = _owl("deprecated")
    DISJOINT_WITH = _owl("disjointWith")
    EQUIVALENT_CLASS = _owl("equivalentClass")
    EQUIVALENT_PROPERTY = _owl("equivalentProperty")
    FUNCTIONAL_PROPERTY = _owl("FunctionalProperty")
    IMPORTS = _owl("imports")
    INVERSE_OF = _owl("inverseOf")
    MEMBERS = _owl("members")
    NAMED_INDIVIDUAL = _owl("NamedIndividual")
    OBJECT_PROPERTY = _owl("ObjectProperty")
    ONTOLOGY = _owl("Ontology")
    ON_PROPERTY = _owl("onProperty")
    PROPERTY_DISJOINT_WITH = _owl("propertyDisjointWith")
    SAME_AS = _owl("sameAs")
    SOME_VALUES_FROM = _owl("someValuesFrom")
    THING = _owl("Thing")
    VERSION_INFO = _owl("versionInfo")
    VERSION_IRI = _owl("versionIRI")


class SKOS:
    """SKOS."""

    ALT_LABEL = _skos("altLabel")
    BROADER = _skos("broader")
    CONCEPT = _skos("Concept")
    CONCEPT_SCHEME = _skos("ConceptScheme")
    DEFINITION = _skos("definition")
    EXACT_MATCH = _skos("exactMatch")
    EXAMPLE = _skos("example")
    HIDDEN_LABEL = _skos("hiddenLabel")
    IN_SCHEME = _skos("inScheme")
    NOTATION = _skos("notation")
    NOTE = _skos("note")
    PREF_LABEL = _skos("prefLabel")
    TOP_CONCEPT_OF = _skos("topConceptOf")


class DCTERMS:
    """DCMI Metadata Terms."""

    ALTERNATIVE = _dcterms("alternative")
    IDENTIFIER = _dcterms("identifier")
    IS_REPLACED_BY = _dcterms("isReplacedBy")
    SOURCE = _dcterms("source")
    TITLE = _dcterms("title")


class PROV:
    """PROV-O."""

    AGENT = _prov("Agent")
    ENDED_AT_TIME = _prov("endedAtTime")
    USED = _prov("used")
    WAS_ASSOCIATED_WITH = _prov("wasAssociatedWith")
    WAS_GENERATED_BY = _prov("wasGeneratedBy")


class SH:
    """SHACL."""

    ALTERNATIVE_PATH = _sh("alternativePath")
    CLASS = _sh("class")
    DATATYPE = _sh("datatype")
    HAS_VALUE = _sh("hasValue")
    NOT = _sh("not")
    OR = _sh("or")
    PATH = _sh("path")
    PROPERTY = _sh("property")
    TARGET_CLASS = _sh("targetClass")
    ZERO_OR_MORE_PATH = _sh("zeroOrMorePath")


class XSD:
    """Datatypes of XML Schema."""

    ANY_URI = _xsd("anyURI")
    BOOLEAN = _xsd("boolean")
    DATE = _xsd("date")
    DATE_TIME = _xsd("dateTime")
    DECIMAL = _xsd("decimal")
    DOUBLE = _xsd("double")
    FLOAT = _xsd("float")
    G_YEAR = _xsd("gYear")
    G_YEAR_MONTH = _xsd("gYearMonth")
    INTEGER = _xsd("integer")
    STRING = _xsd("string")
