"""Explanations of parser errors, in each language: what is wrong, and what to do.

Parsers report in terms of their grammar; authors need to know what to change. An error without an explanation
here keeps the parser's own words.
"""

import re
from collections.abc import Mapping

_EXPLAINED: tuple[tuple[str, str, str], ...] = (
    (
        r"A dot is expected at the end|must be followed by a dot",
        "a full stop is missing before this; end each statement with one",
        "falta un punto antes de esto; termine cada enunciado con uno",
    ),
    (
        r"The prefix (?P<name>\S+) has not been declared|Unknown prefix (?P<other>\S+)",
        "the prefix {name} is not declared; declare it at the beginning of the text",
        "el prefijo {name} no está declarado; declárelo al principio del texto",
    ),
    (
        r"bare date",
        'a date must be in quotation marks; write "2025-01-26"^^xsd:date',
        'una fecha va entre comillas; escriba "2025-01-26"^^xsd:date',
    ),
    (
        r"'(?P<name>[\"'“”„‘’«»])' is not allowed at the beginning of a prefix name",
        'a text must be in straight double quotation marks, "…", not {name}',
        'un texto va entre dos comillas dobles rectas, "…", no {name}',
    ),
    (
        r"'(?P<name>.)' is not allowed at the beginning of a prefix name",
        "a name cannot begin with {name}; write an IRI, a prefixed name or a string in quotation marks",
        "un nombre no empieza por {name}; escriba un IRI, un nombre con prefijo o un texto entre comillas",
    ),
    (
        r"A blank node ID cannot be empty",
        "a blank node needs a name after _:; write for instance _:b1",
        "un nodo anónimo lleva un nombre tras _:; escriba, por ejemplo, _:b1",
    ),
    (
        r"PREFIX declaration should be followed by",
        "the IRI of a prefix must be in angle brackets; write for instance PREFIX ex: <https://example.org/>",
        "el IRI de un prefijo va entre ángulos; escriba, por ejemplo, PREFIX ex: <https://example.org/>",
    ),
    (
        r"is not a valid graph name",
        "the IRI of a graph is missing before this; write it between GRAPH and the brace",
        "falta el IRI del grafo antes de esto; escríbalo entre GRAPH y la llave",
    ),
    (
        r"escapes in IRIs should be %|Invalid IRI percent encoding",
        "in an IRI, two hexadecimal digits must follow a %; write %25 for the sign itself",
        "en un IRI siguen a un % dos cifras hexadecimales; escriba %25 si quiere decir el signo",
    ),
    (
        r"Invalid character '(?P<name>.)' in host|Invalid port character '(?P<other>.)'",
        "the host of this IRI may not hold the character {name}; correct the address",
        "el servidor de este IRI no admite el carácter {name}; corrija la dirección",
    ),
    (
        r"XML namespaces are required",
        "an element or an attribute here has no namespace; write it with a prefix, as in rdf:about",
        "un elemento o atributo no tiene aquí espacio de nombres; escríbalo con un prefijo, como rdf:about",
    ),
    (
        r"[Uu]nrecognized entity `(?P<name>[^`]*+)`",
        "the entity &{name}; is not declared; write the character itself",
        "la entidad &{name}; no está declarada; escriba el carácter mismo",
    ),
    (
        r"undefined entity",
        "an entity is not declared here; write the character itself",
        "aquí hay una entidad sin declarar; escriba el carácter mismo",
    ),
    (
        r"no element found|unclosed (?:token|CDATA section)|before end of input",
        "the document is truncated; send all of it, with every element closed",
        "el documento acaba a medias, como cortado; envíelo entero, con todos los elementos cerrados",
    ),
    (
        r"mismatched tag",
        "this end tag does not match the last start tag; close the elements in the reverse order",
        "aquí se cierra un elemento que no es el último abierto; cierre los elementos en orden",
    ),
    (
        r"unbound prefix",
        "the prefix of an element or attribute here is not declared; declare it by xmlns",
        "el prefijo de un elemento o atributo no está declarado aquí; declárelo con xmlns",
    ),
    (
        r"duplicate attribute",
        "an attribute occurs twice here; keep one",
        "un atributo figura aquí dos veces; deje uno",
    ),
    (
        r"junk after document element",
        "something follows the end of the document; remove it, or put it into the first element",
        "algo sigue al final del documento; quítelo o póngalo dentro del primer elemento",
    ),
    (
        r"Unexpected text event",
        "there is text here where RDF/XML needs an element; put it into a property of its own",
        "aquí hay un texto donde RDF/XML lleva un elemento; póngalo en una propiedad propia",
    ),
    (
        r"Unexpected node, a text value is already present",
        "a property element contains one string or one node, but this one contains more; write the "
        "property once for each",
        "una propiedad contiene un texto o un nodo y aquí hay más; escríbala una vez para cada uno",
    ),
    (
        r"^(?P<name>\S++) is not a valid rdf:(?:ID|nodeID) value",
        "{name} is not an XML name, as rdf:ID requires; begin it with a letter, without spaces or colons",
        "{name} no es un nombre XML, como es un rdf:ID; empiécelo con una letra, sin espacios ni :",
    ),
    (
        r"Invalid (?:property|node) element tag name: (?P<name>\S++)",
        "{name} is reserved for the syntax of RDF/XML and cannot be a property or class; use another",
        "{name} pertenece a la sintaxis de RDF/XML y no nombra propiedades ni clases; use otro",
    ),
    (
        r"Object keys must be strings",
        "a name in double quotation marks is missing here, or the closing brace }}",
        "falta aquí un nombre entre comillas dobles, o la llave de cierre }}",
    ),
    (
        r"(?P<name>@\w+) is defined twice",
        "{name} occurs twice in one object; keep one",
        "{name} figura dos veces en un objeto; deje uno",
    ),
    (
        r"is not allowed in JSON strings",
        "a string contains a line end or another control character; escape it, for example as \\n",
        "hay un salto de línea u otro carácter de control en un texto; escriba \\n o similar",
    ),
    (
        r"Unexpected byte",
        "this is not JSON; begin with { or [, and close every string",
        "aquí hay algo que no es JSON; empiece con { o [ y cierre cada texto",
    ),
    (
        r"@context value must be",
        "a @context must be an object; write its terms between braces",
        "un @context es un objeto; escriba sus términos entre llaves",
    ),
    (
        r"supported @version value is 1.1",
        "the @version of a context is 1.1; write that, or leave it out",
        "la @version de un contexto es 1.1; escríbala así u omítala",
    ),
    (
        r"@container value",
        "a @container is @list, @set, @language, @index, @id, @type or @graph; write one of them",
        "un @container es @list, @set, @language, @index, @id, @type o @graph; escriba uno de ellos",
    ),
    (
        r"not a valid unicode|surrogate|(?i:\\ud[89a-f])",
        "this escape is only half of a surrogate pair; write the character itself, or both halves",
        "este escape representa medio carácter; escriba el carácter mismo o ambas mitades",
    ),
    (
        r"Unexpected end",
        "the text is incomplete; close the open quotation mark or bracket, or add the missing full stop",
        "el texto acaba a medias; cierre las comillas o el corchete abiertos, o añada el punto",
    ),
    (
        r"property lists should end with a '\]'",
        "a bracket [ is still open here; close it with ]",
        "un corchete [ sigue abierto aquí; ciérrelo con ]",
    ),
    (
        r"PREFIX keyword should be followed by a prefix",
        "the name of a prefix ends in a colon; write @prefix ex: and then its IRI",
        "el nombre de un prefijo acaba en dos puntos; escriba @prefix ex: y después su IRI",
    ),
    (
        r"Trailing commas are not allowed",
        "there is a comma before a closing bracket; remove it",
        "hay una coma antes de cerrar; quítela",
    ),
    (
        r"is not a valid RDF object",
        "a value is missing here; give one, or remove the comma or semicolon before it",
        "aquí falta un valor; indíquelo o quite la coma o el punto y coma anterior",
    ),
    (
        r"^\{ is not a valid predicate",
        "named graphs are not read in this format; send them as TriG",
        "este formato no admite grafos con nombre; envíelos como TriG",
    ),
    (
        r"is not a valid predicate",
        "a property is missing here; name it by an IRI or a prefixed name",
        "aquí falta una propiedad; nómbrela con un IRI o un nombre con prefijo",
    ),
    (
        r"is not a valid subject or graph name",
        "a description cannot begin with this; begin it with the IRI of what it describes",
        "una descripción no puede empezar así; empiécela con el IRI de lo que describe",
    ),
    (
        r"Expecting a datatype IRI after",
        "the datatype after ^^ is missing; write for instance ^^xsd:date",
        "falta el tipo de dato tras ^^; escriba, por ejemplo, ^^xsd:date",
    ),
    (
        r"Unexpected escape character '(?P<name>.*)'",
        "{name} is not a valid escape sequence; double the backslash, or remove it",
        "un texto no admite {name}; escriba dos veces la barra inversa o quítela",
    ),
    (
        r"error while parsing IRI '': No scheme",
        "an empty IRI is relative, and there is no base; write the absolute IRI, or set xml:base",
        "un IRI vacío es relativo y no hay base; escriba el IRI entero o dé xml:base",
    ),
    (
        r"error while parsing IRI '(?P<name>[^']*+)': No scheme",
        "the IRI {name} is relative; write the absolute IRI, beginning with https",
        "el IRI {name} es relativo; escríbalo entero, desde https",
    ),
    (
        r"No scheme found in an absolute IRI",
        "this IRI is relative; write the absolute IRI, beginning with https",
        "este IRI es relativo; escríbalo entero, desde https",
    ),
    (
        r"Invalid IRI code point '(?P<name>.*)'",
        "an IRI may not contain the character “{name}”; write it percent-encoded, or close the IRI before it",
        "un IRI no admite el carácter «{name}»; codifíquelo con % o cierre antes el IRI",
    ),
    (
        r"language (?:sub)?tag|language code",
        "this is not a language tag; write for instance @en or @es-CO",
        "esto no es una etiqueta de idioma; escriba, por ejemplo, @en o @es-CO",
    ),
    (
        r"Line jumps are not allowed in string literals",
        "a string over several lines must be in triple quotation marks; use them, or write \\n for "
        "each line end",
        "un texto de varias líneas va entre comillas triples; escríbalas, o \\n en lugar del salto",
    ),
    (
        r"The object of a triple must be",
        "a value in this format must be an IRI in angle brackets or a string in quotation marks; "
        "write it that way, or send Turtle",
        "aquí un valor es un IRI entre ángulos o un texto entre comillas; escríbalo así o envíe Turtle",
    ),
    (
        r"The (?:predicate|subject) of a triple must be",
        "only an IRI in angle brackets is allowed here; write it in full, or send Turtle",
        "aquí solo puede figurar un IRI entre ángulos; escríbalo entero o envíe Turtle",
    ),
    (
        r"must be followed by a comma",
        "a comma or a closing bracket is missing before this; add it",
        "falta una coma o un cierre antes de esto; añádalo",
    ),
    (
        r"Unexpected char: '(?P<name>.*)'",
        "the character {name} is not allowed here; in JSON, write names and strings in double "
        "quotation marks",
        "aquí no puede figurar el carácter {name}; en JSON los nombres y textos van entre comillas dobles",
    ),
    (
        r"Term definition value must be",
        "a term of the context must be defined by a string; give its IRI",
        "un término del contexto se define con algo que no es un texto; indique su IRI",
    ),
    (
        r"@type and @language cannot be used together",
        "a value has both @type and @language; keep one of them",
        "un valor tiene @type y @language a la vez; deje uno de los dos",
    ),
    (
        r"(?P<name>@\w+) value must be a string",
        "the value of {name} must be a string; write it in double quotation marks",
        "el valor de {name} no es un texto; escríbalo entre comillas dobles",
    ),
    (
        r"expected `</(?P<name>[^>`]*+)>`, but",
        "the element {name} is not closed before the end of its parent; close it with </{name}>",
        "el elemento {name} sigue abierto donde acaba otro; ciérrelo con </{name}>",
    ),
    (
        r"Cannot find ';' after '&'|ill-formed document",
        "this is not well-formed XML; write &amp; for & and &lt; for <, and put values in quotation marks",
        "esto no es XML bien formado; escriba &amp; por & y &lt; por <, y ponga los valores entre comillas",
    ),
)


_LONGEST_REASON = 200
"""Characters examined at either end of a reason, which may quote a text of any length."""


def explained(reason: str) -> Mapping[str, str]:
    """Return the explanation of a parser's reason, by language.

    >>> explained("The prefix ex: has not been declared")["en"]
    'the prefix ex: is not declared; declare it at the beginning of the text'
    """
    if len(reason) > _LONGEST_REASON:
        reason = f"{reason[:_LONGEST_REASON]}…{reason[-_LONGEST_REASON:]}"
    for pattern, english, spanish in _EXPLAINED:
        if match := re.search(pattern, reason):
            name = next((found for found in match.groupdict().values() if found), "")
            return {"en": english.format(name=name), "es": spanish.format(name=name)}
    return {"en": reason, "es": f"el texto no sigue la sintaxis; el analizador dice: {reason}"}
