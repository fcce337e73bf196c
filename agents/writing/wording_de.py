"""German phrasings of what facts say: sentences, short forms, and what follows from them."""

from collections.abc import Mapping

# Placeholders as in English; {has} and {is_} agree with the noun, {Our} is "Unser Monatsumsatz".
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "up": (
        "{Our} {rose} um {percent}, von {before} auf {now}.",
        "{Our} {is_} von {before} auf {now} gestiegen, ein Plus von {percent}.",
        "{Our} {has} um {percent} zugelegt, von {before} auf {now}.",
        "{Our} {rose} um {change}, von {before} auf {now}.",
        "{Our} {rose} von {before} auf {now}, das sind {change} mehr {than}.",
    ),
    "down": (
        "{Our} {fell} um {percent}, von {before} auf {now}.",
        "{Our} {is_} von {before} auf {now} zurückgegangen, ein Minus von {percent}.",
        "{Our} {fell} um {change}, von {before} auf {now}.",
        "{Our} {fell} von {before} auf {now}, das sind {change} weniger {than}.",
    ),
    "points_up": (
        "{Our} {rose} um {points} Prozentpunkte, von {before} auf {now}.",
        "{Our} {rose} von {before} auf {now}.",
    ),
    "points_down": (
        "{Our} {fell} um {points} Prozentpunkte, von {before} auf {now}.",
        "{Our} {fell} von {before} auf {now}.",
    ),
    "span_up": ("{Our} {rose}{span} von {first} auf {now}.",),
    "span_down": ("{Our} {fell}{span} von {first} auf {now}.",),
    "went": ("{Our} ging von {before} auf {now}.",),
    "same": ("{Our} {lies} unverändert bei {now}.",),
    "growth": ("{Our} {lies} bei {now}.",),
    "shrinking": ("{Our} {lies} bei {now}.",),
    "compound": ("{Label}: {now}.",),
    "revenue": (
        "{Our} {lies} bei {now}. Ein Jahr in diesem Tempo ergibt {year}.",
        "{Our} {is_per} {now}, aufs Jahr gerechnet {year}.",
    ),
    "conversions": (
        "Von {visits} Besuchen im Monat konvertieren {rate}, das ergibt {now} Konversionen.",
        "{visits} Besuche im Monat, von denen {rate} konvertieren: {now} Konversionen.",
        "Im Monat sind das {now} Konversionen.",
    ),
    "per_customer": (
        "Bei {customers} Kunden ergibt das {now} Monatsumsatz je Kunde.",
        "Auf {customers} Kunden verteilt sind das {now} Monatsumsatz je Kunde.",
        "Auf jeden Kunden entfallen damit {now} Monatsumsatz.",
        "Je Kunde sind das {now} Monatsumsatz.",
    ),
    "margin": ("{Our} {lies} bei {now}.",),
    "surplus": ("Nach Abzug der Kosten bleiben im Monat {now}.",),
    "lifetime_ratio": ("Kundenwert zu Kosten je Neukunde: {now}.",),
    "payback": ("Bis die Kosten eines Neukunden gedeckt sind, braucht es {now} Umsatz.",),
    "per_visit": (
        "Jeder Besuch bringt im Mittel {now} Umsatz.",
        "Im Mittel entfallen auf einen Besuch {now} Umsatz.",
    ),
    "share": ("Den größten Anteil ({whole}) hat {part} mit {now}.",),
    "level": ("{Our} {lies} bei {now}.", "{Our} {is_per} {now}."),
    "count": ("{Our} {lies} bei {now}.", "Wir zählen {now} {label_dative}."),
    "customers": ("Wir betreuen {now} Kunden.", "{now} Kunden arbeiten mit uns."),
}
FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "up": (
        "Das sind {change} mehr {than}, als es noch {before} waren.",
        "{At} waren es {before}, das ist ein Plus von {change}.",
        "{At} waren es {before}, das ist ein Plus von {percent}.",
        "{Our} {rose} um {percent}, von {before} aus.",
        "Das sind {change} mehr {than}.",
        "{At} waren es {before}.",
        "Das sind {percent} mehr {than}.",
    ),
    "down": (
        "{At} waren es {before}, das ist ein Minus von {change}.",
        "{At} waren es {before}, das ist ein Minus von {percent}.",
        "Das sind {change} weniger {than}.",
        "{At} waren es {before}.",
    ),
    "points_up": ("{At} waren es {before}.", "Das sind {points} Prozentpunkte mehr {than}."),
    "points_down": ("{At} waren es {before}.", "Das sind {points} Prozentpunkte weniger {than}."),
    "went": ("{At} waren es {before}.",),
    "revenue": (
        "Ein Jahr in diesem Tempo ergibt {year}.",
        "Aufs Jahr gerechnet sind das {year}.",
    ),
    "conversions": ("Dahinter stehen {visits} Besuche, von denen {rate} konvertieren.",),
    "per_customer": ("Grundlage sind {customers} Kunden.",),
}
CORES: Mapping[str, tuple[str, str]] = {
    "up": ("{our} {rose} um {percent} auf {now}", "{label} plus {percent} auf {now}"),
    "down": ("{our} {fell} um {percent} auf {now}", "{label} minus {percent} auf {now}"),
    "points_up": (
        "{our} {rose} um {points} Prozentpunkte auf {now}",
        "{label} plus {points} Prozentpunkte auf {now}",
    ),
    "points_down": (
        "{our} {fell} um {points} Prozentpunkte auf {now}",
        "{label} minus {points} Prozentpunkte auf {now}",
    ),
    "span_up": ("{our} {rose} von {first} auf {now}", "{label} von {first} auf {now}"),
    "span_down": ("{our} {fell} von {first} auf {now}", "{label} von {first} auf {now}"),
    "went": ("{our} ging von {before} auf {now}", "{label} von {before} auf {now}"),
    "same": ("{our} {lies} unverändert bei {now}", "{label} unverändert bei {now}"),
    "growth": ("{our} {lies} bei {now}", "eine {label} von {now}"),
    "shrinking": ("{our} {lies} bei {now}", "eine {label} von {now}"),
    "compound": ("{label}: {now}", "{label}: {now}"),
    "revenue": ("{our} {lies} bei {now}", "{now} {label}"),
    "conversions": (
        "{visits} Besuche ergeben {now} Konversionen im Monat",
        "{now} Konversionen im Monat",
    ),
    "per_customer": ("{our} {lies} bei {now}", "{now} {label}"),
    "margin": ("{our} {lies} bei {now}", "eine {label} von {now}"),
    "surplus": ("nach Abzug der Kosten bleiben im Monat {now}", "{now} nach Abzug der Kosten"),
    "lifetime_ratio": (
        "der Kundenwert liegt, gemessen an den Kosten je Neukunde, bei {now}",
        "Kundenwert zu Kosten je Neukunde bei {now}",
    ),
    "payback": (
        "bis die Kosten eines Neukunden gedeckt sind, braucht es {now} Umsatz",
        "{now}, bis die Kosten eines Neukunden gedeckt sind",
    ),
    "per_visit": ("jeder Besuch bringt im Mittel {now} Umsatz", "{now} Umsatz je Besuch"),
    "share": ("{part} hat einen Anteil von {now} ({whole})", "{now} ({whole}) aus {part}"),
    "level": ("{our} {lies} bei {now}", "{label} bei {now}"),
    "level_usd": ("{our} {lies} bei {now}", "{now} {label}"),
    "level_percent": ("{our} {lies} bei {now}", "{label} bei {now}"),
    "count": ("{our} {lies} bei {now}", "{now} {label}"),
    "customers": ("wir betreuen {now} Kunden", "{now} Kunden"),
}
FIGURES: Mapping[str, str] = {
    "growth": "{now} {growth}",
    "shrinking": "{label} bei {now}",
    "usd": "{now} {label}",
    "percent": "{label} bei {now}",
    "plain": "{label} bei {now}",
    "count": "{now} {label}",
    "customers": "{now} Kunden",
}
MOVES: Mapping[str, str] = {
    "up": "{label} plus {percent}",
    "down": "{label} minus {percent}",
    "points_up": "{label} plus {points} Prozentpunkte",
    "points_down": "{label} minus {points} Prozentpunkte",
}

MOVES_SAID: Mapping[str, str] = {
    "up": "{our} {rose} um {percent}",
    "down": "{our} {fell} um {percent}",
    "points_up": "{our} {rose} um {points} Prozentpunkte",
    "points_down": "{our} {fell} um {points} Prozentpunkte",
}

WORDLESS: Mapping[str, tuple[str, ...]] = {
    "customers_up": (
        "Mehr Kunden als {at} arbeiten mit uns.",
        "Wir haben mehr Kunden als {at}.",
    ),
    "traffic_up": ("Mehr Menschen als {at} finden zu uns.",),
    "up": ("{Our} {lies_now} höher als {at}.", "{Our} {is_} gestiegen."),
    "down": ("{Our} {lies_now} niedriger als {at}.", "{Our} {is_} gesunken."),
    "points_up": ("{Our} {is_} gestiegen.",),
    "points_down": ("{Our} {is_} gesunken.",),
    "span_up": ("{Our} {is_} gestiegen.",),
    "span_down": ("{Our} {is_} gesunken.",),
    "went": ("{Our} {has} sich verändert.",),
    "same": ("{Our} {is_} unverändert.",),
    "growth": ("Wir sind gewachsen.",),
    "shrinking": ("Wir sind nicht gewachsen.",),
    "share": ("Nicht jeder Teil wiegt gleich viel: {part} hat den größten Anteil.",),
}
WORDLESS_TITLES: Mapping[str, str] = {
    "up": "Zuwachs: {label}",
    "down": "Rückgang: {label}",
    "points_up": "Zuwachs: {label}",
    "points_down": "Rückgang: {label}",
    "span_up": "Zuwachs: {label}",
    "span_down": "Rückgang: {label}",
    "same": "{label} unverändert",
    "growth": "unser Wachstum",
    "level": "ein genauer Blick auf {label}",
}

STEPS: Mapping[str, tuple[str, ...]] = {
    "every_down": (
        "Kein Glückstreffer: Jeder Wert liegt unter dem vorherigen, {steps}.",
        "Es ging Schritt für Schritt nach unten, von Anfang an: {steps}.",
    ),
    "every_up": (
        "Es ging Schritt für Schritt nach oben, von Anfang an: {steps}.",
        "Jeder Wert liegt über dem vorherigen: {steps}.",
    ),
    "mixed": (
        "Eine gerade Linie war es nicht: {steps}.",
        "Der Weg dahin war kein gerader: {steps}.",
    ),
    "last_down": ("Allein der letzte Schritt: minus {size}.",),
    "last_up": ("Allein der letzte Schritt: plus {size}.",),
    "whole_down": ("Insgesamt sind das {whole} weniger{span}.",),
    "whole_up": ("Insgesamt sind das {whole} mehr{span}.",),
}
POINTS = "{points} Prozentpunkte"
AND = " und "

RELATIONS: Mapping[str, tuple[str, ...]] = {
    "revenue_customers_more": (
        "Der Umsatz ist schneller gewachsen als die Kundenzahl. Im Mittel trägt jeder Kunde also "
        "mehr bei.",
    ),
    "revenue_customers_less": (
        "Die Kundenzahl ist schneller gewachsen als der Umsatz. Im Mittel trägt jeder Kunde also "
        "weniger bei.",
    ),
    "revenue_traffic_more": (
        "Der Umsatz ist schneller gewachsen als die Zahl der Besuche. Jeder Besuch bringt im "
        "Mittel also mehr ein.",
    ),
    "revenue_traffic_less": (
        "Die Zahl der Besuche ist schneller gewachsen als der Umsatz. Jeder Besuch bringt im "
        "Mittel also etwas weniger ein.",
    ),
    "customers_traffic_more": ("Die Kundenzahl ist schneller gewachsen als die Zahl der Besuche.",),
    "revenue_costs_more": (
        "Der Umsatz ist schneller gewachsen als die Kosten. Von jedem verdienten Dollar bleibt "
        "also mehr.",
    ),
    "revenue_costs_less": (
        "Die Kosten sind schneller gewachsen als der Umsatz. Von jedem verdienten Dollar bleibt "
        "also weniger.",
    ),
    "both_up": ("Beides ging nach oben, am schnellsten: {a}.",),
    "good_and_bad": ("Die gute Nachricht: {a}. Die weniger gute: {b}.",),
}
