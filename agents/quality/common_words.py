"""Words that say nothing particular: those of grammar, and those of any business text."""

from collections.abc import Mapping
from functools import lru_cache

from agents.figures.metric_names import word_set

_GRAMMAR_EN = word_set(
    "a an the and or but so nor yet if then than that this these those there here it its we us "
    "our ours you your yours they them their he she his her i me my who whom whose which what "
    "when where why how is are was were be been being am do does did done doing has have had "
    "having will would can could may might must shall should let lets not no none never only "
    "just also too very more most less least much many few some any all each every both either "
    "neither other another such own same of in on at by for with without from to into onto over "
    "under up down out off about above below between among through during before after since "
    "until till while as per via against toward towards again once ever even still already now "
    "today soon later always often first last next previous one ones two three four five six "
    "seven eight nine ten because though although whether else instead rather quite almost "
    "nearly around roughly s t re ve ll d m dont doesnt isnt arent cant wont didnt thats heres "
    "anything everything something nothing anyone everyone someone nobody somebody yes hi hello "
    "dear please"
)
_GRAMMAR_DE = word_set(
    "der die das den dem des ein eine einen einem einer eines und oder aber denn sondern doch "
    "wenn dann als dass ob weil da so es er sie ihr wir uns unser unsere unserem unseren "
    "unserer unseres du dich dir dein deine deinen deinem euch euer eure eurem euren ihnen ihre "
    "ihren ihrem ihrer ich mich mir mein meine man sich selbst wer wen wem was wann wo warum "
    "wie welche welcher welches welchen ist sind war waren sein bin bist gewesen wird werden "
    "wurde wurden worden hat haben hatte hatten habe hast kann können konnte muss müssen soll "
    "sollen darf dürfen mag möchte möchten will wollen lassen lass nicht kein keine keinen "
    "keinem keiner nie nur auch noch schon sehr mehr meist weniger viel viele vielen wenig alle "
    "allem allen alles jede jeder jedes jedem jeden beide beiden andere anderen anderer solche "
    "dieser diese dieses diesem diesen jener in im an am auf aus bei beim von vom zu zum zur "
    "mit ohne für über unter vor nach seit bis während durch gegen um je pro zwischen neben "
    "hier dort jetzt nun heute bald immer oft wieder einmal erst erste ersten dritten zweiten "
    "vierten zuerst zuletzt letzte letzten nächste nächsten vorige vorherige eins zwei drei "
    "vier fünf sechs sieben acht neun zehn etwas nichts niemand jemand ja nein bitte hallo "
    "liebe lieber guten tag dabei damit daran darauf daraus davon dazu also daher deshalb zwar "
    "etwa rund knapp fast ganz dies los gern gerne einfach"
)
_COMMON_EN = word_set(
    "figure figures number numbers value values metric metrics data measure measures measured "
    "statistic period periods quarter quarters month months year years week weeks time times "
    "day days date comparison comparisons compare compared compares result results performance "
    "progress growth grow grows growing grew development trend total overall headline rate "
    "rates level levels base basis size amount business company companies organisation "
    "organization team teams work works working job market industry success successful goal "
    "goals target targets step steps journey milestone path way ways update updates news story "
    "background context summary overview picture point points thing things lot part parts side "
    "question questions answer answers thought thoughts feedback comment comments "
    "perspective view views opinion message post posts tweet thread email e-mail page link show "
    "shows shown showing tell tells told say says said speak speaks mean means meant make makes "
    "made making take takes taken give gives given get gets got go goes went going come comes "
    "came coming look looks looking see sees seen know knows known think thinks find finds "
    "found stand stands stood put puts keep keeps kept bring brings brought hear write "
    "share shares shared touch reach contact follow following stay tuned learn help helps like "
    "love want wants need needs happy glad proud excited thrilled pleased grateful thank thanks "
    "best good better great big bigger small strong stronger strength new latest current recent "
    "important interesting different direct plain simple clear certain sure long short high "
    "higher low lower describe describes define defined extend extends extended multiplication "
    "arithmetic calculation forecast annual yearly monthly matter matters count counts counted "
    "relationship relationships contribute contributes contribution impact value-add future "
    "ahead forward together everybody people world place table kind sort bit track "
    "building build builds built continue continues change changes changed rise rose fell fall "
    "increase increased decrease decreased drop dropped side-by-side q1 q2 q3 q4 january "
    "february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday ask asks reply curious ready real truth fact "
    "facts line transparency transparent openly open perspectives experience experiences "
    "regards wishes kindly sincerely reader readers possible difference everywhere moment "
    "moments chance hard hardwork effort efforts announce announcing announcement welcome "
    "introduce report reports reported behind worth actually simply really clearly "
    "well back set sets apples oranges like-for-like celebrate cheers congratulations require "
    "required further information details available"
)
_COMMON_DE = word_set(
    "zahl zahlen wert werte kennzahl kennzahlen daten messen gemessen größe höhe zeitraum "
    "periode vorperiode vorzeitraum quartal quartale quartals monat monate monats jahr jahre "
    "jahres jahresrate woche wochen zeit zeiten tag tage datum vergleich vergleiche vergleichen "
    "verglichen ergebnis ergebnisse leistung fortschritt wachstum wachsen wächst wuchs "
    "gewachsen entwicklung trend gesamt insgesamt stand stände niveau basis grundlage "
    "unternehmen firma geschäft team teams arbeit arbeiten markt branche erfolg erfolge "
    "erfolgreich ziel ziele schritt schritte reise weg wege meilenstein neuigkeit neuigkeiten "
    "geschichte hintergrund kontext überblick zusammenfassung bild punkt punkte ding dinge teil "
    "teile seite frage fragen antwort antworten gedanke gedanken kommentar kommentare "
    "kommentaren sicht perspektive meinung nachricht beitrag post link zeigen zeigt "
    "gezeigt sagen sagt gesagt erzählen erzählt sprechen spricht bedeutet bedeuten machen macht "
    "gemacht nehmen nimmt geben gibt gegeben gehen geht ging gegangen kommen kommt kam sehen "
    "sieht gesehen wissen weiß kennen denken denkt finden findet stehen steht legen legt liegt "
    "halten hält bringen bringt gebracht hören schreiben schreib teilen teilt folgen "
    "folgendes bleiben bleibt lernen helfen hilft freuen freut glücklich stolz dankbar danke "
    "dank gut gute guten besser beste besten groß große großen größer klein kleine stark starke "
    "neu neue neuen neuer neues aktuell aktuelle wichtig wichtige interessant anders direkt "
    "direkter klar sicher lang kurz kurze hoch höher niedrig beschreiben beschreibt rechnung "
    "rechnen gerechnet multiplikation prognose hochrechnung jährlich monatlich zählt zählen "
    "beziehung kundenbeziehung trägt tragen beitragen beiträgt wirkung zukunft gemeinsam "
    "menschen welt platz tisch art stück veränderung verändert ändern steigen stieg sinken sank "
    "zunahme abnahme genügt offen transparenz transparent tatsache fakten zeile "
    "herzliche grüße freundlichen einzelne einzelnen gleich gleiche gleichen gleicher selbe "
    "derselbe dieselben bezug mittel achten melden melde kontakt erfahren erfahrung erfahrungen "
    "interesse verfügung bericht berichten eigentlich wirklich eben genau weiter zurück euro "
    "dollar prozent januar februar märz april mai juni juli august september oktober november "
    "dezember montag dienstag mittwoch donnerstag freitag leser leserinnen hinter ton"
)
GRAMMAR: Mapping[str, frozenset[str]] = {"en": _GRAMMAR_EN, "de": _GRAMMAR_DE}
_COMMON: Mapping[str, frozenset[str]] = {
    "en": _GRAMMAR_EN | _COMMON_EN,
    "de": _GRAMMAR_DE | _COMMON_DE,
}


@lru_cache(maxsize=8192)
def is_common(word: str, language: str) -> bool:
    """Whether a word in small letters could stand in any text of this kind."""
    known = _COMMON[language]
    return word in known or word.replace("\u2019", "'").replace("'", "") in known


def stem(word: str) -> str:
    """The part of a word by which its forms are recognised."""
    return word[:-2] if len(word) > 6 else word.removesuffix("s")
