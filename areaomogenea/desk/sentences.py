"""What Django says at the desk, in our words: nouns agree, days and months are small, nothing is left in English."""

from gettext import NullTranslations
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation.trans_real import translation

from areaomogenea.prose.dates import MONTHS, WEEKDAYS
from areaomogenea.prose.grammar import Sentence, learn

# As Django asks.
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()
ENGLISH_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

DONE = {
    "The {name} “{obj}” was added successfully.": "{name:Il} «{obj}» è stat{name:o} aggiunt{name:o}.",
    "You may edit it again below.": "Qui sotto si può ancora cambiare.",
    "The {name} “{obj}” was added successfully. You may add another {name} below.": (
        "{name:Il} «{obj}» è stat{name:o} aggiunt{name:o}. Qui sotto puoi aggiungere {name:altro}."
    ),
    "The {name} “{obj}” was added successfully. You may edit it again below.": (
        "{name:Il} «{obj}» è stat{name:o} aggiunt{name:o}. Qui sotto puoi modificar{name:lo} ancora."
    ),
    "The {name} “{obj}” was changed successfully.": "{name:Il} «{obj}» è stat{name:o} modificat{name:o}.",
    "The {name} “{obj}” was changed successfully. You may edit it again below.": (
        "{name:Il} «{obj}» è stat{name:o} modificat{name:o}. Qui sotto puoi modificar{name:lo} ancora."
    ),
    "The {name} “{obj}” was changed successfully. You may add another {name} below.": (
        "{name:Il} «{obj}» è stat{name:o} modificat{name:o}. Qui sotto puoi aggiungere {name:altro}."
    ),
    "The %(name)s “%(obj)s” was deleted successfully.": "{name:Il} «{obj}» è stat{name:o} cancellat{name:o}.",
    "%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?": (
        "{name:Il} «{key}» non c’è: forse è stat{name:o} cancellat{name:o}."
    ),
    "Successfully deleted %(count)d %(items)s.": "Cancellat{items:o}: {count} {items:nome}.",
    "Items must be selected in order to perform actions on them. No items have been changed.": (
        "Non hai scelto niente: spunta almeno una riga. Tutto è rimasto com’era."
    ),
    "No action selected.": "Scegli prima un’azione. Tutto è rimasto com’era.",
}
FORMS = {
    "Add %s": "Aggiungi {0:un}",
    "Change %s": "Modifica {0:il}",
    "View %s": "Guarda {0:il}",
    "Add %(name)s": "Aggiungi {name:un}",
    "Add another %(verbose_name)s": "Aggiungi {verbose_name:altro}",
    "Add another %(model)s": "Aggiungi {model:altro}",
    "Change selected %(model)s": "Modifica {model:il} scelt{model:o}",
    "Delete selected %(model)s": "Cancella {model:il} scelt{model:o}",
    "View selected %(model)s": "Guarda {model:il} scelt{model:o}",
    "Remove": "Togli",
    "View": "Guarda",
    "View on site": "Vedi sul sito",
    "Save and add another": "Salva e apri un modulo vuoto",
    "Save as new": "Salva come copia",
    "Save and view": "Salva e guarda",
    "Error:": "Errore:",
    "None": "–",
    "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to file a"
    " bug report if the issue persists.": "Una parte del modulo non è arrivata: salva di nuovo.",
    "%(model_name)s with this %(field_label)s already exists.": "C’è già {model_name:un} con {field_label:questo}.",
    "%(model_name)s with this %(field_labels)s already exists.": "C’è già {model_name:un} uguale: {field_labels}.",
    "%(model)s instance with %(field)s %(value)r is not a valid choice.": "Questa scelta non c’è nell’elenco.",
    "Please correct the duplicate data for %(field)s.": "Due righe hanno {field:il} uguale: correggine una.",
    "Please correct the duplicate data for %(field)s, which must be unique.": (
        "Due righe hanno gli stessi valori ({field}): correggine una."
    ),
    "Please correct the duplicate values below.": "Qui sotto c’è un valore scritto due volte.",
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.": (
        "Scrivi solo lettere senza accento, cifre e trattini."
    ),
    "Enter a valid domain name.": "Scrivi un nome di dominio, per esempio comune.crema.cr.it.",
    "Enter a valid %(protocol)s address.": "Scrivi un indirizzo {protocol}.",
    "Hold down “Control”, or “Command” on a Mac, to select more than one.": (
        "Per sceglierne più di uno tieni premuto Ctrl (Cmd sul Mac)."
    ),
}
LISTS = {
    "Select %s": "Scegli {0:un}",
    "Select %s to change": "{0:Plurale}",
    "Select %s to view": "{0:Plurale}",
    "All": "Qualsiasi",
    "Filter": "Mostra solo",
    " By %(filter_title)s ": "{filter_title:Nome}",
    "Clear all filters": "Togli tutti i filtri",
    "Empty": "Senza",
    "Not empty": "Con",
    "Run the selected action": "Esegui l’azione scelta",
    "Delete selected %(verbose_name_plural)s": "Cancella {verbose_name_plural:il} scelt{verbose_name_plural:o}",
    "0 of %(cnt)s selected": "Scelte: 0 su {cnt}",
    "Select all %(total_count)s %(module_name)s": "Scegli {module_name:tutti} ({total_count})",
    "Clear selection": "Non scegliere più nulla",
    "Click here to select the objects across all pages": "Sceglie anche quelle delle altre pagine",
    "Select this object for an action - {}": "Scegli «{}»",
    "Select all objects on this page for an action": "Scegli tutte le righe di questa pagina",
    "Toggle sorting": "Inverti l’ordine",
    "Remove from sorting": "Togli dall’ordine",
}
DELETION = {
    "Are you sure?": "Sicuro?",
    "Cannot delete %(name)s": "Non si può cancellare",
    "Delete multiple objects": "Cancella più righe",
    'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items'
    " will be deleted:": (
        "Vuoi davvero cancellare {object_name:il} «{escaped_object}»? Si cancella con tutto ciò che ne fa parte:"
    ),
    "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related"
    " items will be deleted:": (
        "Vuoi davvero cancellare {objects_name:il} qui sotto? Si cancella anche tutto ciò che ne fa parte:"
    ),
    "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related"
    " objects:": ("{object_name:Il} «{escaped_object}» non si può cancellare: prima va tolt{object_name:o} da qui:"),
    "Deleting the selected %(objects_name)s would require deleting the following protected related objects:": (
        "Prima di cancellare {objects_name:il}, togli ciò che se ne serve:"
    ),
    "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account"
    " doesn't have permission to delete the following types of objects:": (
        "Con {object_name:il} «{escaped_object}» si cancellerebbe anche ciò che tu non puoi cancellare:"
    ),
    "Deleting the selected %(objects_name)s would result in deleting related objects, but your account doesn't have"
    " permission to delete the following types of objects:": (
        "Con {objects_name:il} si cancellerebbe anche ciò che tu non puoi cancellare:"
    ),
    "Objects": "Che cosa",
    "Summary": "In tutto",
    "Model name": "Che cosa",
    "Yes, I’m sure": "Sì, cancella",
    "No, take me back": "No, torna indietro",
}
HISTORY = {
    "Change history: %s": "Storia: {0}",
    "Date/time": "Quando",
    "User": "Chi",
    "Action": "Che cosa",
    "This object doesn’t have a change history. It probably wasn’t added via this admin site.": (
        "Da questa scrivania non è ancora cambiato niente."
    ),
    "Added.": "Creazione.",
    "No fields changed.": "Salvataggio senza modifiche.",
    "Changed {fields}.": "Cambia: {fields}.",
    "Added {name} “{object}”.": "Aggiunt{name:o} {name:il} «{object}».",
    "Changed {fields} for {name} “{object}”.": "Cambia: {fields} ({name:nome} «{object}»).",
    "Deleted {name} “{object}”.": "Cancellat{name:o} {name:il} «{object}».",
}
ROOMS = {
    "Home": "La scrivania",
    "%(app)s administration": "{app}",
    "Add link": "Aggiungi",
    "Change or view list link": "Apri l’elenco",
    "Breadcrumbs": "Dove sei",
    "You don’t have permission to view or edit anything.": "Qui non c’è niente che tu possa vedere o cambiare.",
    "Page not found": "Pagina non trovata",
    "Skip to main content": "Vai al contenuto",
    "content type": "tipo di contenuto",
    "content types": "tipi di contenuto",
    "group": "ruolo",
    "groups": "ruoli",
    "staff status": "può aprire la scrivania",
    "superuser status": "può tutto",
}
# Of many: (of one, of more).
NUMBERED = {
    "Please correct the error below.": ("Correggi l’errore qui sotto.", "Correggi gli errori qui sotto."),
    "%(total_count)s selected": ("Scelta: 1", "Scelte tutte: {total_count}"),
    "%(count)s %(name)s was changed successfully.": ("Modificat{name:o}: {count} {name:nome}.",) * 2,
}
# What the scripts of the desk say.
OF_SCRIPTS = {
    "Filter": "Filtro",
    "Now": "Adesso",
    "6 a.m.": "Le 6",
    "6 p.m.": "Le 18",
    'Choose %s by selecting them and then select the "Choose" arrow button.': "Scegli %s, poi premi la freccia.",
    'Remove %s by selecting them and then select the "Remove" arrow button.': "Segna %s, poi premi la freccia.",
    "Choose all %s": "Scegli tutto (%s)",
    "Choose selected %s": "Scegli ciò che è segnato (%s)",
    "Remove all %s": "Togli tutto (%s)",
    "Remove selected %s": "Togli ciò che è segnato (%s)",
    "(click to clear)": "(premi per svuotare)",
}
NUMBERED_OF_SCRIPTS = {"%(sel)s of %(cnt)s selected": "Scelte: %(sel)s su %(cnt)s"}


class OurItalian(NullTranslations):
    """A catalogue as gettext keeps its own, made of sentences instead of a file."""

    def __init__(self):
        super().__init__()
        italian = DONE | FORMS | LISTS | DELETION | HISTORY | ROOMS
        self._catalog = {english: sentence(text) for english, text in italian.items()}
        for english, texts in NUMBERED.items():
            self._catalog |= {(english, number): sentence(text) for number, text in enumerate(texts)}
        self._catalog |= dict(zip([*ENGLISH_MONTHS, *ENGLISH_WEEKDAYS], [*MONTHS, *WEEKDAYS], strict=True))
        self._catalog |= {f"alt. month\x04{name}": month for name, month in zip(ENGLISH_MONTHS, MONTHS, strict=True)}

    @staticmethod
    def plural(number: int) -> int:
        return int(number != 1)


def sentence(text: str) -> Sentence | str:
    return Sentence(text) if "{" in text else text


def speak() -> None:
    """Django speaks so from now on, and knows the nouns of all that is kept."""
    translation(settings.LANGUAGE_CODE).merge(OurItalian())  # first: it also names what is kept by others
    for model in apps.get_models():
        learn(str(model._meta.verbose_name), str(model._meta.verbose_name_plural))


def in_scripts(catalog: dict[str, Any]) -> dict[str, Any]:
    """The catalogue of the scripts, in our words; of many, Italian has as many forms there as it had."""
    many = {english: [text] * len(catalog[english]) for english, text in NUMBERED_OF_SCRIPTS.items()}
    return catalog | OF_SCRIPTS | many
