"""Terms and meetings that a text tells of: until when something is to be done, when and where people meet.

A day is looked at with the words around it, and never with more of them than a window holds, so that the time which a
text takes grows with its length alone. What the words leave open is a doubt; what is over, and a day that is only
mentioned, is nothing that anybody has to keep.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import Enum
from functools import partial
from itertools import islice

from .characters import normalised_line
from .dates import MONTHS, WEEKDAY, WEEKDAYS, existing_date
from .fields import LONGEST

MOST_DAYS, MOST_LOOKED_AT = 3_000, 400  # those that are read, and those whose words are
MOST = 30  # terms of one text
BEFORE, AFTER = 200, 240  # characters around a day among which its words stand
ACROSS = 80  # between what tells a term and its day
LONGEST_LINE = 80  # of a notice that tells day, hour and place one below the other
LONGEST_PLACE = 160
LATELY = timedelta(days=92)  # a day without its year that fell so lately is over, rather than to come next year
SOON = timedelta(days=183)  # what is farther off may be of another year


class Kind(Enum):
    DEADLINE, MEETING = "deadline", "meeting"


@dataclass(frozen=True)
class Term:
    """A day by which something is due, or when people meet, as far as the words say it."""

    kind: Kind
    passage: str  # as it stands in the text
    day: date  # the last one of a term, the first one of a meeting
    hour: time | None = None
    opens: date | None = None  # the first day of a term
    opens_hour: time | None = None
    ends: date | None = None  # the last day of a meeting that takes several, or tells the hour of its end
    ends_hour: time | None = None
    place: str = ""
    subject: str = ""  # what is due, or what sort of meeting it is
    sentence: str = ""  # around it
    doubts: tuple[str, ...] = ()

    @property
    def is_meeting(self) -> bool:
        return self.kind is Kind.MEETING

    @property
    def is_certain(self) -> bool:
        return not self.doubts


def any_of(words: Iterable[str], before: str = r"\b", after: str = r"\b") -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{'|'.join(words)}){after}", re.IGNORECASE)


# Days

SHORT_MONTHS = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"sett": 9, "genn": 1, "febbr": 2}
A_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(sorted(SHORT_MONTHS, key=len, reverse=True))})\b\.?)"
A_NUMBER = r"(?:\d{1,2}(?!\d)\s?[°º]?|primo(?=\s))"
A_WEEKDAY = rf"(?:{WEEKDAY}[’'`]?,?\s{{1,2}}(?:il\sgiorno\s|giorno\s|il\s|l[’'])?)"
BETWEEN = r"(?:\s?[-–]\s?|\sal(?:\s(?:giorno\s)?|l[’'])|,?\s(?:e|ed)\s(?:il\s|l[’'])?|,\s(?:il\s|l[’'])?)"
DAY = re.compile(
    rf"(?<![\w./-])(?P<name>{A_WEEKDAY})?(?P<others>(?:{A_NUMBER}{BETWEEN}{A_WEEKDAY}?){{1,3}})?"
    rf"(?:(?P<day>{A_NUMBER})\s{{0,2}}(?:di\s)?(?P<month>{A_MONTH})(?!\w)"
    r"(?:,?\s{1,2}(?:del\s)?(?P<year>\d{4}(?!\d)|[’'‘]\d\d(?!\d)))?"
    r"|(?P<d>\d{1,2})(?P<sign>[/.-])(?P<m>\d{1,2})(?:(?P=sign)(?P<y>\d{4}|\d\d))?(?![\d/-]|[.,]\d))",
    re.IGNORECASE,
)
OTHER = re.compile(r"\d{1,2}|primo")
# A month by whose end something is due: the day is not told, and there is one all the same.
MONTH_TOLD = re.compile(
    r"\b(?:entro(?:\s(?:e\s)?non\soltre|\sil\stermine\sdi)?|(?:fino|sino)\sa(?:lla|l)?"
    r"|(?:scad(?:e|ono|rà|ranno|enza)|termin[ei])(?:\s?:|\s(?:a(?:lla|l)?|in|per))?)\s"
    r"(?P<told>(?:(?:la\s)?(?P<part>fine|metà)\s(?:di\s|del\smese\sdi\s|mese\sdi\s)?|(?:tutto\s)?il\s(?:prossimo\s)?mese\sdi\s"
    rf"|tutto\s)?(?P<month>{'|'.join(MONTHS)})(?!\w)(?:,?\s(?:del\s)?(?P<year>\d{{4}}(?!\d)))?"
    r"|(?:la\s)?fine\s(?:del\s|dell[’'])?(?P<now>mese|anno)\b)(?!\s(?:di\s|\d))",
    re.IGNORECASE,
)
IS_SPAN = re.compile(r"[-–]|\bal", re.IGNORECASE)

# Hours

HOURS_IN_WORDS = (
    "una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette"
    " diciotto diciannove venti ventuno ventidue ventitré"
).split()
NAMED_HOURS = {name: number for number, name in enumerate(HOURS_IN_WORDS, 1)} | {"ventitre": 23, "mezzogiorno": 12}
AN_HOUR = (
    r"(?:(?:[01]?\d|2[0-4])(?!\d)(?:[.:,][0-5]\d(?!\d))?(?!\s?(?:[%€]|euro\b|anni\b|giorni\b|persone\b|posti\b))"
    rf"|(?:{'|'.join([*NAMED_HOURS, 'mezzanotte'])})\b)"
    r"(?:\s(?:e\s(?:mezz[ao]|un\squarto)\b|(?:di|della|del)\s(?:mattin[ao]|pomeriggio|sera)\b))?"
)
AT = (
    r"\b(?:(?:ore|ora|orario|inizio)\s?:|(?:alle|dalle|le|per le)\sore|all[’']ore|ore|alle|dalle|all[’'](?=una)"
    r"|a(?=\smezz)|h\.?(?=\s?\d))\s?"
)
SPAN = (
    rf"(?P<hour>{AN_HOUR})(?:(?:\s?[-–/]\s?|,?\s(?:e\s)?(?:fino\s)?(?:alle|all[’'])\s(?:ore\s)?)(?P<until>{AN_HOUR}))?"
)
HOUR = re.compile(f"{AT}{SPAN}", re.IGNORECASE)
HOUR_AFTER = re.compile(
    r"(?:,?\s?[-–(]?\s?(?:(?:a partire|con inizio|con ritrovo|inizio|ritrovo|entro|e)\s)?(?:non oltre\s)?)"
    rf"(?:{AT}|(?=\d\d?:\d\d)){SPAN}",
    re.IGNORECASE,
)
HOUR_BEFORE = re.compile(
    rf"(?:{AT}|\ble\s|\bentro\s(?=mezz)){SPAN}\)?,?\s(?:di\s|del\s|dell[’']\s?)?(?:giorno\s|prossimo\s)?$",
    re.IGNORECASE,
)
PLAIN_HOUR = re.compile(r"(\d{1,2})(?:[.:,](\d\d))?")

# What a day is for, by the words in front of it

SO_FAR = rf"(?P<gap>(?:[^.;!?\n]|\.(?=\d)){{0,{ACROSS}}})$"
BY = any_of(
    [
        r"entro(?: (?:e )?(?:non oltre|improrogabilmente|tassativamente|il termine))?",
        "(?:e )?non oltre",
        r"(?:fino|sino) (?:alle|al|all[’']|a)",
    ],
    after=rf"(?!\w){SO_FAR}",
)
ENDS = any_of(
    [
        "scad(?:e|ono|rà|ranno|enz[ae])",
        r"termin[ei](?: (?:ultim[oi]|perentori[oi]|finale|massimo|per|di|del)\b)?",
        "ultimo giorno",
        "data (?:ultima|limite)",
        "prorog(?:a|at[oaie])",
        "(?:differit|posticipat)[oaie]|slitt(?:a|ano|erà)",
    ],
    after=rf"(?!\w){SO_FAR}",
)
PUT_OFF = any_of(["(?:prorog|differi|posticip|rinvi|spost)"], after=r"[^.;!?\n]{0,80}$")
CLOSES = any_of(
    ["(?:si )?(?:chiud(?:e|ono|erà|eranno)|concluderanno|chiusura)"], after=r"(?!\w)(?P<gap>[^.;!?\n]{0,20})$"
)
AT_OF = rf"\s(?:ore\s)?{AN_HOUR}\s(?:del\s|dell[’']\s?|di\s)"
SINCE = re.compile(rf"\b(?:dal\b|dall[’']|da\b|dalle{AT_OF})\s?(?:giorno\s)?$", re.IGNORECASE)
UNTIL = re.compile(
    rf",?\s(?:ed?\s)?(?:(?:fino|sino)\s)?(?:al?\b|all[’']|alle{AT_OF}|entro il\b|entro l[’'])\s?(?:giorno\s)?",
    re.IGNORECASE,
)
TERM_LABEL = re.compile(
    r"\W{0,3}(?:scadenz[ae]|termin[ei]|data (?:ultima|limite|di scadenza))\b[^\n.;]{0,40}", re.IGNORECASE
)
MEETING_LABEL = re.compile(r"\W{0,3}(?:quando|data(?: e (?:ora|orario|luogo))?|giorno)\s?:?\s?", re.IGNORECASE)

# Of the sentence: what is due

ITEMS = {
    "domand": "Domande",
    "(?:pre)?iscri[vzt]": "Iscrizioni",
    "candidatur": "Candidature",
    "ader(?:ir|isc|ent)|adesion": "Adesioni",
    "osservazion": "Osservazioni",
    "offert[ae]": "Offerte",
    "istanz": "Istanze",
    "manifestazion[ei] d[’i]": "Manifestazioni di interesse",
    "prenota": "Prenotazioni",
    "richiest": "Richieste",
    "rendicont": "Rendicontazione",
    "preventiv": "Preventivi",
    "propost[ae]": "Proposte",
    "questionar": "Questionario",
    "sondaggi": "Sondaggio",
    "concors": "Concorso",
    r"band[oi]\b": "Bando",
    r"acconto\b": "Acconto",
    r"saldo\b": "Saldo",
    r"rat[ae]\b": "Rata",
    r"imu\b": "IMU",
    r"tari\b": "TARI",
    "paga(?:ment|r)": "Pagamento",
    "versa(?:ment|r|t)": "Versamento",
    "contribut": "Contributi",
    "consegn": "Consegna",
    "partecipa": "Partecipazione",
    "raccolta (?:firme|fondi|di firme)": "Raccolta",
}
ITEM = re.compile(rf"\b(?:{'|'.join(f'({stem})' for stem in ITEMS)})", re.IGNORECASE)
TO_DO = any_of(
    r"""
    presenta(?:r|t|zion) invi(?:a|at[aeio]|o|are|arl[aeio]|ando) inoltr perven trasm comunic(?:ar|an|hi|at[aei])
    richieder compila segnal ritir(?:ar|at|o\b) rinnov dichiar regolarizz registrar depositar spedi rispond rispost
    conferma(?:r|t|\b) far(?:e|lo)?\s bisogna occorre si\sprega preghiamo si\spu[òo] si\spossono possibile tempo\b
    dovr(?:à|anno) devono deve\b vanno va\b
    """.split(),
    after="",
)
OF_OTHERS = any_of(  # what somebody says that they will have done
    r"""
    lavori cantier ultim(?:at|er) complet(?:at|er|am) conclu(?:s|der) realizza(?:t|z) installa collaud approver
    pubblicher
    (?:partirà|apriranno|aprirà|nasceranno|arriveranno|arriverà)
    """.split(),
    after="",
)
CLOSED = any_of(
    r"""
    chius[aoie]\b chiusur sospes sospension interru divieto vietat interdett senso\sunico allert deviat deviazion
    lavori\b cantier blackout in\svigore in\scarica valid[aoie]\b validit limitazion circolazion emergenza
    orari\sdell?
    """.split(),
    after="",
)
FROM_THERE = re.compile(r"\b(?:giorni|mesi|anni|settimane|ore)\s(?:\w{1,20}\s){0,2}(?:dal|dall|dopo)\b", re.IGNORECASE)
CITED = any_of(
    r"""
    legge decret\w+ d\.?\s?l(?:gs)?\.? d\.?p\.?c\.?m\.? d\.?p\.?r\.? regolament[oi] direttiv[ae] deliber\w+ determin\w+
    ordinanz[ae] circolar[ei] protocollo prot\. verbal[ei] fattur[ae] sentenz[ae] nat[oaie] gazzetta\s\w+ burl?
    contratto convenzione in\sdata n\.\s?\d{1,6} pubblicat[oaie] approvat[oaie] firmat[oaie] sottoscritt[oaie]
    emess[oaie] datat[oaie] adottat[oaie] protocollat[oaie] comunicato avviso aggiornat[oaie] affiss[oaie]
    """.split(),
    after=r"(?!\w)[^.;:\n]{0,40}\b(?:il|l[’']|del|dell[’']|in data|al|a|dal|n\.\s?\d{1,6}|\d{1,3},?)\s?$",
)

# Of the sentence: who meets

GATHERINGS = """
    assemblea consiglio riunione incontro convegno seduta seminario conferenza presentazione inaugurazione corso
    laboratorio spettacolo concerto festa mostra workshop webinar commissione serata sopralluogo visita cerimonia
    commemorazione giornata festival fiera mercatino rassegna proiezione lezione evento biciclettata camminata
    premiazione dibattito udienza sagra torneo tombola pranzo lettura assemblee riunioni incontri appuntamento
    appuntamenti serate eventi laboratori lezioni open\\sday letture
    """.split()
QUALITY = r"""
    pubblic[aoi] ordinari[ao] straordinari[ao] informativ[aoi] formativ[aoi] comunale intercomunale plenari[ao]
    congiunt[ao] conclusiv[aoi] teatrale musicale stampa guidat[ae] tecnic[oa] operativ[oa] online
    dei\s[Ss]indaci dei\s[Cc]omuni dei\ssoci con\si\scittadini con\sla\scittadinanza
    di\s(?:presentazione|lavoro|coordinamento)
    """.split()
GATHERING = any_of(GATHERINGS, after=rf"\b(?:\s(?:{'|'.join(QUALITY)})\b){{0,2}}")
GATHERS = any_of(
    r"""
    si\s(?:terr(?:à|anno)|svolger(?:à|anno)|riun(?:isce|irà|iscono|iranno)|tiene|svolge|parla|parlerà|inaugura)
    avr(?:à|anno)\sluogo convocat[oaie] vi\saspettiamo ci\s(?:vediamo|troviamo|incontr\w+) ritrovo
    invit(?:a|at[oaie]|iamo) (?:è|sono)\sfissat[oaei] partenza si\sparte si\svota
    """.split()
)
MAY_GATHER = any_of(["previst[oaie]", "rinviat[oaie]", "in programma"])  # if something is named that does
OVER = any_of(
    r"""
    si\s(?:è|sono)\s(?:tenut|svolt|conclus|riunit|chius)[oaie] (?:tenut|svolt)asi scors[oaie] si\s(?:tenne|svolse|riunì)
    inizialmente originariamente
    (?:è|sono|era|erano)\sstat[oaie]\s(?:tenut|svolt|inaugurat|presentat|celebrat|premiat)[oaie] scadut[oaie]
    ha(?:nno)?\s(?:partecipato|incontrato|approvato|deliberato|votato|ospitato|discusso|espresso)
    """.split()
)

MOVED = re.compile(r"[^.;\n]{0,40}\b(?:rinviat|spostat|annullat|posticipat|anticipat)[oaie]\b", re.IGNORECASE)

# Where

SPOTS = """
    sala aula salone piazza piazzetta piazzale via viale vicolo corso largo municipio palazzo biblioteca teatro
    auditorium oratorio palestra scuola centro sede chiesa cinema parco castello villa museo chiostro
    stadio cortile circolo polo
    """.split()
SPOT = rf"(?:{'|'.join(SPOTS)})\b"
PLACE = re.compile(
    rf"(?:(?:\bpresso|\bc/o)\s(?:la\s|il\s|lo\s|l[’']|i\s|le\s|gli\s)?"
    rf"|\b(?:in|nell[’']|nella\s|nel\s|nello\s|al|alla\s|all[’'])\s?(?={SPOT})|(?:^|[,;(\n–-]\s?)(?={SPOT}\s)"
    rf"|\b(?:luogo|dove|sede)\s?:\s?)(?P<place>[^\s,;:!?()\n][^,;:!?()\n]{{1,100}})",
    re.IGNORECASE,
)
PLACE_ENDS = re.compile(
    r"\s(?:si|per|con|alle|dalle|ore|il|lo|dove|che|è|sono|sarà|saranno|verrà|e\s(?:si|poi|in)|entro|tramite|oppure|fino"
    rf"|torn(?:a|ano)|arriva|a\scura|a\spartire|{WEEKDAY}|\d{{1,2}}\s{A_MONTH})(?!\w)|\.(?:\s|$)",
    re.IGNORECASE,
)
MORE_OF_PLACE = re.compile(
    rf",\s(?:in\s)?(?:{SPOT}\s[^,;:.!?()\n]{{2,50}}|n\.\s?\d{{1,4}}|\d{{1,4}}(?:/\w)?(?![.:\d])"
    r"|(?:a\s)?[A-ZÀ-Þ][\wà-ÿ’']{1,30}(?:\s[A-ZÀ-Þa-z][\wà-ÿ’']{1,30}){0,3})(?=\s?[,;.()\n]|$)"
)
ONLINE = re.compile(
    r"\b(?:online|on line|in (?:videoconferenza|streaming)|da remoto|su (?:zoom|teams|meet|google meet))\b",
    re.IGNORECASE,
)

# A sentence ends where a capital begins after a stop that no abbreviation has, and with its line.
ABBREVIATIONS = [r"\w", "dr|on|n[nr]|ss", "art|avv|geo|ing|sig|via|tel", "arch|dott|geom|prof|prot"]  # by their length
BORDER = re.compile(
    "".join(rf"(?<!\b(?:{short}))" for short in ABBREVIATIONS) + r"[.!?]\s{1,3}(?=[«“\"(]?[A-ZÀ-Þ])|[\n;]"
)


@dataclass(frozen=True)
class Day:
    """A day as it was found, with the span of its words."""

    start: int
    end: int
    on: date
    first: date | None = None  # of several
    has_name: bool = False  # of a weekday
    doubts: tuple[str, ...] = ()
    is_bare: bool = False  # 10/12: a day only to who knows that it is one
    since: str = ""  # of two days that are one span, the words between them


@dataclass(frozen=True)
class Surroundings:
    """The words around a day, no farther than its sentence goes, nor than the days beside it."""

    before: str
    after: str
    label: str  # the line above, where the day opens its own
    sentence: str
    below: str  # the short lines below, as a notice has them


def terms(text: str, base: date, since: date | None = None) -> list[Term]:
    """Terms that a text asks its readers to keep from `since` on, in order; the `base` day tells a missing year."""
    known: dict[tuple, Term] = {}
    for term in _terms(text[:LONGEST], base, since or base):
        _add(known, term)
        if len(known) == MOST:
            break
    return list(known.values())


def _add(known, term):
    """Adds a term; one told twice stays the first, unless only the second knows the hour."""
    same = [key for key in known if key[:2] == (term.kind, term.day)]
    for key in same:
        if term.hour in (None, key[2]):
            return
    if (term.kind, term.day, None) in same:
        without_hour = known.pop((term.kind, term.day, None))
        term = replace(term, place=term.place or without_hour.place, opens=term.opens or without_hour.opens)
    known[term.kind, term.day, term.hour] = term


def _terms(text: str, base: date, since: date) -> Iterator[Term]:
    read = sorted([*_days(text, base), *_months(text, base)], key=lambda day: day.start)
    coming = (day for day in _joined(text, read) if day.on >= since)
    days = list(islice(coming, MOST_LOOKED_AT))
    for number, day in enumerate(days):
        floor = max((other.end for other in days[max(0, number - 6) : number] if other.end <= day.start), default=0)
        ceiling = next((one.start for one in days[number + 1 : number + 7] if one.start >= day.end), len(text))
        around = _surroundings(text, day, floor, ceiling)
        if term := _deadline(text, day, around) or _meeting(text, day, around):
            yield term


# Reading days


def _days(text, base):
    matches = list(islice(filter(_is_day, DAY.finditer(text)), MOST_DAYS))
    years = {}  # what is told once in full is meant wherever it stands again
    for match in matches:
        if year_of_match := match["year"] or match["y"]:
            years.setdefault(_month_and_day(match), _year(year_of_match))
    for match in matches:
        year = _year(match["year"] or match["y"]) or years.get(_month_and_day(match), "")
        month, day = _month_and_day(match)
        on, doubts = _meant(day, month, year, base)
        if on is not None:
            yield from _days_of(match, on, doubts)


def _months(text, base):
    """The last day of each month by whose end something is due."""
    for match in islice(MONTH_TOLD.finditer(text), MOST_DAYS):
        month, year = match["month"] and _month(match["month"]), match["year"]
        if match["now"]:
            month, year = str(base.month if match["now"].lower() == "mese" else 12), str(base.year)
        last = "15" if (match["part"] or "").lower() == "metà" else str(_last_day(month, year or base.year))
        on, doubts = _meant(last, month, year, base)
        if on is not None:
            taken = "preso il 15" if last == "15" else "preso l’ultimo del mese"
            yield Day(
                match.start("told"), match.end("told"), on, doubts=(f"il giorno non è scritto: è {taken}", *doubts)
            )


def _last_day(month, year):
    return monthrange(int(year), int(month))[1]


def _is_day(match):
    """Whether it is a day: without a year, 3.12 is an hour or a sum."""
    return bool(match["day"] or match["y"] or (match["sign"] == "/" and not match["others"]))


def _days_of(match, on, doubts):
    """A day, or the several that have one month between them."""
    numbers = map(_number, OTHER.findall(match["others"] or ""))
    others = [day for day in (existing_date(number, str(on.month), on.year) for number in numbers) if day and day < on]
    days = [*others, on]
    name = (match["name"] or "").split()[:1]
    doubts += _wrong_name(name[0].rstrip(","), days[0]) if name else ()
    is_bare = not (match["day"] or match["y"])
    make = partial(Day, match.start(), match.end(), doubts=doubts, has_name=bool(name), is_bare=is_bare)
    if others and (IS_SPAN.search(match["others"]) or on - others[0] == timedelta(days=len(others))):
        yield make(on=on, first=others[0])
    else:
        yield from (make(on=day) for day in days)


def _month_and_day(match):
    if match["day"]:
        return _month(match["month"]), _number(match["day"])
    return match["m"].lstrip("0"), match["d"].lstrip("0")


def _wrong_name(name, day):
    right = WEEKDAYS[day.weekday()]
    if right[:3] == name[:3].lower():
        return ()
    return (f"il {day.day} {MONTHS[day.month - 1]} {day.year} è {right}, non {name.lower()}",)


def _number(day):
    return "1" if day.lower() == "primo" else day.rstrip("°º ")


def _month(month):
    return month if month.isdecimal() else str(SHORT_MONTHS.get(month.lower().rstrip("."), 0) or _full(month))


def _full(month):
    return MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else 0


def _year(year):
    year = (year or "").strip("’'‘")
    return f"20{year}" if len(year) == 2 else year


def _meant(day, month, year, base):
    """A date and the doubts about it; of a missing year, the next time that the day comes."""
    if year:
        return existing_date(day, month, year), ()
    nexts = [existing_date(day, month, base.year + ahead) for ahead in range(-1, 5)]
    coming = next((on for on in nexts if on and on >= base), None)
    last = next((on for on in reversed(nexts) if on and on < base), None)
    if coming is None or (last and base - last <= LATELY and coming - base > SOON):
        return last, ()
    return coming, () if coming - base <= SOON else (f"l’anno non è scritto: è preso il {coming.year}",)


def _joined(text, days):
    """Two days with "dal … al …" around them are one, with its first day."""
    before = None
    for day in days:
        if before and not day.first and _are_a_span(text, before, day):
            first = before.on if before.on <= day.on else _a_year_before(before.on)
            is_new = first > day.on or PUT_OFF.search(text[max(0, before.start - ACROSS) : before.start])
            since = text[before.end : day.start]
            before = replace(day, start=before.start, first=None if is_new else first, since=since)
            continue
        if before:
            yield before
        before = day
    if before:
        yield before


def _are_a_span(text, one, other):
    is_near = other.start - one.end <= ACROSS
    return (
        is_near
        and SINCE.search(text[max(0, one.start - 40) : one.start])
        and UNTIL.fullmatch(text[one.end : other.start])
    )


def _a_year_before(day):
    return existing_date(str(day.day), str(day.month), day.year - 1) or day - timedelta(days=365)


# Reading what is around them


def _surroundings(text, day, floor, ceiling):
    head, tail = text[max(0, day.start - BEFORE) : day.start], text[day.end : day.end + AFTER]
    ends = [border.end() for border in BORDER.finditer(head)]
    stop = BORDER.search(tail)
    before, after = head[ends[-1] if ends else 0 :], tail[: stop.start() if stop else AFTER]
    line = text[max(0, day.start - BEFORE) : day.start].rpartition("\n")[2]
    label = (
        ""
        if line.strip(" -–•*\t")
        else text[max(0, day.start - BEFORE) : day.start - len(line)].rstrip().rpartition("\n")[2]
    )
    sentence = f"{before}{text[day.start : day.end]}{after}"
    before = before[max(0, len(before) - (day.start - floor)) :] if floor else before
    below = _below(text, day.end + len(after)) if (stop and stop[0] == "\n") or not stop else ""
    return Surroundings(before, after[: max(0, ceiling - day.end)], label, sentence, below)


def _below(text, start):
    lines = text[start : start + AFTER].split("\n")[1:4]
    short = []
    for line in lines:
        if len(line) > LONGEST_LINE or any(day["day"] or day["y"] for day in DAY.finditer(line)):
            break
        short.append(line)
    return "\n".join(short)


def _hours(day, around, is_near):
    """(first, last, characters before the day that tell it, and after it); near: only beside the day itself."""
    if match := HOUR_AFTER.match(around.after):
        return _hour(match["hour"]), _hour(match["until"]), 0, match.end()
    if match := HOUR_BEFORE.search(day.since or around.before[-60:]):
        return _hour(match["hour"]), _hour(match["until"]), 0 if day.since else len(match[0]), 0
    match = None if is_near else HOUR.search(around.after) or HOUR.search(around.before) or HOUR.search(around.below)
    return (_hour(match["hour"]), _hour(match["until"]), 0, 0) if match else (None, None, 0, 0)


def _hour(words):
    """The hour of the words; None where they tell none, or the very end of a day, which needs none."""
    words = (words or "").lower()
    if not words or words.startswith(("mezzanotte", "24")):
        return None
    plain = PLAIN_HOUR.match(words)
    hour, minute = (int(plain[1]), int(plain[2] or 0)) if plain else (NAMED_HOURS[re.match(r"\w+", words)[0]], 0)
    minute += 30 * ("mezz" in words[4:] and "mezzogiorno" not in words) + 15 * ("un quarto" in words)
    if hour < 12 and words.endswith(("pomeriggio", "sera")):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _subject(around):
    items = list(ITEM.finditer(around.before)) or list(ITEM.finditer(around.sentence))
    if not items:
        return ""
    return list(ITEMS.values())[items[-1 if ITEM.search(around.before) else 0].lastindex - 1]


def _deadline(text, day, around):
    label = TERM_LABEL.fullmatch(around.label.strip())
    cue, asks = None, bool(ITEM.search(around.sentence) or TO_DO.search(around.sentence))
    doubts = day.doubts
    if not label:
        cue, of_cue = _cue(day, around, asks)
        if cue is None:
            return None
        doubts += of_cue
    first, last, _, length = _hours(day, around, is_near=True)
    opening = HOUR_BEFORE.search(around.before[-60:]) if day.since and day.first else None
    start = day.start - (len(around.before) - cue) if cue is not None else day.start
    passage = normalised_line(text[start : day.end + length]).strip()
    subject = _subject(around) or (_subject(replace(around, before=around.label)) if label else "")
    return Term(
        Kind.DEADLINE,
        passage,
        day.on,
        last or first,
        day.first,
        _hour(opening["hour"]) if opening else None,
        subject=subject,
        sentence=around.sentence,
        doubts=doubts,
    )


def _cue(day, around, asks):
    """Where in the words before it a day begins to be a term, and the doubts of that; (None, ()) where it is none."""
    nothing, unsure = (None, ()), ("forse non è una scadenza per chi legge",)
    if OVER.search(around.before):
        return nothing
    if match := BY.search(around.before):
        if FROM_THERE.search(match["gap"]) or CITED.search(match["gap"]):
            return nothing
        is_until = match[0][0] in "fFsS"
        if is_until and (CLOSED.search(around.sentence) or not asks):
            return nothing
        if OF_OTHERS.search(around.sentence) and not ITEM.search(around.sentence):
            return nothing
        return match.start(), () if asks else unsure
    if match := ENDS.search(around.before):
        if CITED.search(match["gap"]):
            return nothing
        if OF_OTHERS.search(around.sentence) and not ITEM.search(around.sentence):
            return nothing
        return match.start(), () if asks or match[0].lower().startswith(
            ("termin", "scadenz", "ultim", "data")
        ) else unsure
    if CITED.search(around.before):
        return nothing
    if (match := CLOSES.search(around.before)) and ITEM.search(around.before):
        return match.start(), ()
    if day.first and asks and not CLOSED.search(around.sentence) and not GATHERING.search(around.before):
        since = SINCE.search(around.before)
        return (since.start() if since else len(around.before)), () if ITEM.search(around.sentence) else unsure
    return nothing


def _meeting(text, day, around):
    if any(words.search(around.sentence) for words in (CLOSED, OVER)) or CITED.search(around.before):
        return None
    if (not day.first and SINCE.search(around.before)) or BY.search(around.before) or ENDS.search(around.before):
        return None
    if MOVED.match(around.after):
        return None
    first, last, ahead, length = _hours(day, around, is_near=False)
    gathering = _nearest(GATHERING, around)
    gathers = bool(GATHERS.search(around.sentence)) or any(map(MEETING_LABEL.fullmatch, (around.label, around.before)))
    gathers = gathers or bool(gathering and MAY_GATHER.search(around.sentence))
    place = _place(around)
    is_told = gathers or gathering
    if day.is_bare and not (first and is_told):
        return None
    if not (
        (first is not None and (is_told or ahead or length or place))
        or gathers
        or (gathering and (day.has_name or day.first or place))
    ):
        return None
    doubts = day.doubts + (() if is_told else ("forse non è un incontro",))
    subject = " ".join(gathering[0].split()) if gathering else ""
    return Term(
        Kind.MEETING,
        normalised_line(text[day.start - ahead : day.end + length]).strip(),
        day.first or day.on,
        first,
        ends=day.on if day.first or last else None,
        ends_hour=last,
        place=place,
        subject=subject[:1].upper() + subject[1:],
        sentence=around.sentence,
        doubts=doubts,
    )


def _nearest(words, around):
    before = list(words.finditer(around.before))
    others = (around.after, around.label, around.sentence)
    return before[-1] if before else next(filter(None, map(words.search, others)), None)


def _place(around):
    for words in (around.after, around.before, around.below):
        for match in PLACE.finditer(words):
            if place := _whole_place(words, match):
                return place
    return "online" if ONLINE.search(around.sentence) else ""


def _whole_place(words, match):
    """A place with what is added after a comma: a street, a number, a town."""
    end = PLACE_ENDS.search(match["place"])
    place = match["place"][: end.start()] if end else match["place"]
    at = match.end("place")
    while not end and (more := MORE_OF_PLACE.match(words, at)) and len(place) < LONGEST_PLACE:
        place, at = f"{place}{more[0]}", more.end()
    place = " ".join(normalised_line(place).split()).strip(" .,-–’'\"")
    return place[:LONGEST_PLACE] if len(place) > 2 else ""
