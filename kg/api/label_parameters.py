"""The parameters ``labels`` and ``lang``: labels for the IRIs in the rows of an answer."""

from kg.api.declarations import DeclaredParameter
from kg.api.openapi_schemas import STRING, Schema
from kg.api.parameters import Parameters, once
from kg.errors import BadInput
from kg.query.job import LABEL_MODES, Labelling, read_language

LANG = DeclaredParameter(
    "lang",
    "Preferred language of labels (`es`); English if a thing has no label in it.",
    {**STRING, "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
)
NAMES = ("labels", LANG.name)


def labels_of(default: str) -> DeclaredParameter:
    """Return the declaration of the parameter ``labels`` of a route, with its default."""
    schema: Schema = {**STRING, "enum": list(LABEL_MODES), "default": default}
    text = (
        "Labels of the IRIs in rows: `on` adds a column `x_label` beside each column `x` of IRIs, `only` puts"
        f" labels in place of the IRIs, `off` leaves them as they are. The default is `{default}`."
    )
    return DeclaredParameter(NAMES[0], text, schema)


def read_labelling(parameters: Parameters, default: str) -> Labelling:
    """Read both parameters; raises BadInput for an unknown mode, and for an invalid language tag."""
    mode = once(parameters, NAMES[0])
    if mode not in (None, *LABEL_MODES):
        raise BadInput(f"The parameter 'labels' must be {', '.join(LABEL_MODES)}, not {mode!r}.")
    language = once(parameters, LANG.name)
    return Labelling(mode or default, read_language("en" if language is None else language))
