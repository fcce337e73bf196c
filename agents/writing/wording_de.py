"""German phrasings of what facts say: sentences, short forms, and what follows from them."""

from collections.abc import Mapping

# Placeholders as in English; {has} and {is_} agree with the noun, {Our} is "Unser Monatsumsatz".
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "up": (
        "{Our} {rose} um {percent}, von {before} auf {now}.",
        "{Our} {is_} von {before} auf {now} gestiegen, ein Plus von {percent}.",
        "{Our} {has} um {percent} zugelegt, von {before} auf {now}.",
    ),
    "down": (
        "{Our} {fell} um {percent}, von {before} auf {now}.",
        "{Our} {is_} von {before} auf {now} zurückgegangen, ein Minus von {percent}.",
    ),
    "points_up": ("{Our} {rose} um {points} Prozentpunkte, von {before} auf {now}.",),
    "points_down": ("{Our} {fell} um {points} Prozentpunkte, von {before} auf {now}.",),
    "went": ("{Our} ging von {before} auf {now}.",),
    "same": ("{Our} {lies} unverändert bei {now}.",),
    "growth": ("{Our} {lies} bei {now}.", "Wir verzeichnen eine {label} von {now}."),
    "shrinking": ("{Our} {lies} bei {now}.",),
    "compound": ("{Label}: {now}.",),
    "revenue": (
        "{Our} {lies} bei {now}, aufs Jahr gerechnet sind das {year}.",
        "{Our} {is_per} {now}. Aufs Jahr gerechnet ergibt das {year}.",
    ),
    "conversions": (
        "Von {visits} Besuchen im Monat konvertieren {rate}, das ergibt {now} Konversionen.",
        "{visits} Besuche im Monat und eine Konversionsrate von {rate} ergeben {now} Konversionen.",
    ),
    "per_customer": (
        "Bei {customers} Kunden ergibt das {now} Monatsumsatz je Kunde.",
        "Auf {customers} Kunden verteilt sind das {now} Monatsumsatz je Kunde.",
    ),
    "margin": ("{Our} {lies} bei {now}.",),
    "surplus": ("Nach Abzug der Kosten bleiben im Monat {now}.",),
    "lifetime_ratio": ("Kundenwert zu Kosten je Neukunde: {now}.",),
    "payback": ("Bis die Kosten eines Neukunden gedeckt sind, braucht es {now} Umsatz.",),
    "per_visit": (
        "Jeder Besuch steht im Mittel für {now} Umsatz.",
        "Im Mittel entfallen auf einen Besuch {now} Umsatz.",
    ),
    "share": ("Den größten Anteil ({whole}) hat {part} mit {now}.",),
    "level": ("{Our} {lies} bei {now}.", "{Our} {is_per} {now}."),
    "count": ("{Our} {lies} bei {now}.", "Wir zählen {now} {label_dative}."),
    "customers": ("Wir betreuen {now} Kunden.", "{now} Kunden arbeiten mit uns."),
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
    "went": ("{our} ging von {before} auf {now}", "{label} von {before} auf {now}"),
    "same": ("{our} {lies} unverändert bei {now}", "{label} unverändert bei {now}"),
    "growth": ("wir verzeichnen eine {label} von {now}", "eine {label} von {now}"),
    "shrinking": ("wir verzeichnen eine {label} von {now}", "eine {label} von {now}"),
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
    "per_visit": ("jeder Besuch steht im Mittel für {now} Umsatz", "{now} Umsatz je Besuch"),
    "share": ("{part} hat einen Anteil von {now} ({whole})", "{now} ({whole}) aus {part}"),
    "level": ("{our} {lies} bei {now}", "{label} bei {now}"),
    "level_usd": ("{our} {lies} bei {now}", "{now} {label}"),
    "level_percent": ("{our} {lies} bei {now}", "{label} bei {now}"),
    "count": ("{our} {lies} bei {now}", "{now} {label}"),
    "customers": ("wir betreuen {now} Kunden", "{now} Kunden"),
}
WORDLESS: Mapping[str, tuple[str, ...]] = {
    "up": ("{Our} {is_} gestiegen.", "{Our} {has} zugelegt."),
    "down": ("{Our} {is_} gesunken.", "{Our} {is_} zurückgegangen."),
    "points_up": ("{Our} {is_} gestiegen.",),
    "points_down": ("{Our} {is_} gesunken.",),
    "went": ("{Our} {has} sich verändert.",),
    "same": ("{Our} {is_} unverändert.",),
    "growth": ("{Our} ist positiv.",),
    "shrinking": ("{Our} ist negativ.",),
    "revenue": ("{Our} gehört zu den Kennzahlen, auf die wir am genauesten achten.",),
    "conversions": ("Was aus Besuchen wird, hängt davon ab, wie viele von ihnen konvertieren.",),
    "per_customer": ("Wir achten nicht nur auf den Umsatz, sondern auch auf den Umsatz je Kunde.",),
    "level": ("Dazu gehört auch: {label}.", "Ebenfalls im Blick: {label}."),
    "share": ("Nicht jeder Teil wiegt gleich viel: {part} hat den größten Anteil.",),
}
WORDLESS_CORES: Mapping[str, tuple[str, str]] = {
    "up": ("{our} {is_} gestiegen", "Zuwachs, {label}"),
    "down": ("{our} {is_} gesunken", "Rückgang, {label}"),
    "points_up": ("{our} {is_} gestiegen", "Zuwachs, {label}"),
    "points_down": ("{our} {is_} gesunken", "Rückgang, {label}"),
    "went": ("{our} {has} sich verändert", "Veränderung, {label}"),
    "same": ("{our} {is_} unverändert", "{label} unverändert"),
    "growth": ("wir verzeichnen Wachstum", "Wachstum"),
    "shrinking": ("wir verzeichnen einen Rückgang", "ein Rückgang"),
    "level": ("wir haben genau hingesehen, {label} inbegriffen", "ein Blick auf {label}"),
}
RELATIONS: Mapping[str, str] = {
    "revenue_customers_more": "Der Umsatz ist schneller gewachsen als die Kundenzahl. Im Mittel "
    "trägt jeder Kunde also mehr bei.",
    "revenue_customers_less": "Die Kundenzahl ist schneller gewachsen als der Umsatz. Im Mittel "
    "trägt jeder Kunde also weniger bei.",
    "revenue_traffic_more": "Der Umsatz ist schneller gewachsen als die Zahl der Besuche. Jeder "
    "Besuch bringt im Mittel also mehr ein.",
    "revenue_traffic_less": "Die Zahl der Besuche ist schneller gewachsen als der Umsatz. Jeder "
    "Besuch bringt im Mittel also etwas weniger ein.",
    "customers_traffic_more": "Die Kundenzahl ist schneller gewachsen als die Zahl der Besuche.",
    "revenue_costs_more": "Der Umsatz ist schneller gewachsen als die Kosten. Von jedem verdienten "
    "Dollar bleibt also mehr.",
    "revenue_costs_less": "Die Kosten sind schneller gewachsen als der Umsatz. Von "
    "jedem verdienten "
    "Dollar bleibt also weniger.",
}
NO_GROWTH: Mapping[str, tuple[str, ...]] = {
    "sober": ("Das ist kein Wachstum, und wir berichten es so offen, wie wir Wachstum berichten.",),
    "stiff": ("Die Werte zeigen kein Wachstum. Sie bilden die Basis für den nächsten Vergleich.",),
    "bold": ("Wachstum ist das nicht. Auf den Tisch gehört es trotzdem.",),
    "warm": ("Über Wachstum schreibt es sich leichter. Die Zahlen sagen etwas anderes.",),
    "light": ("Wachstum wäre die schönere Schlagzeile. Das hier sind die echten Zahlen.",),
}
MEANINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "conversions": {
        "sober": (
            "Zwei Größen bestimmen die Zahl der Konversionen: wie viele Menschen uns besuchen und "
            "wie viele davon konvertieren. Ändert sich eine, zeigt sich das im Ergebnis.",
            "Die Zahl der Konversionen hat zwei Teile, Besuche und Konversionsrate. An jedem lässt "
            "sich einzeln arbeiten.",
        ),
        "stiff": ("Die Zahl der Konversionen ergibt sich aus Besuchen und Konversionsrate.",),
        "bold": ("Besuche und Konversionsrate ergeben die Konversionen. Sonst nichts.",),
        "warm": (
            "Es braucht beides: Menschen, die zu uns finden, und Gründe, bei uns zu bleiben.",
        ),
        "light": ("Zwei Regler, ein Ergebnis: links die Besuche, rechts die Konversionsrate.",),
    },
    "per_customer": {
        "sober": (
            "Der Gesamtumsatz zeigt die Größe. Der Umsatz je Kunde zeigt, was eine einzelne "
            "Kundenbeziehung beiträgt.",
            "Der Umsatz je Kunde setzt die Summe ins Verhältnis, unabhängig von ihrer Größe.",
        ),
        "stiff": ("Der Umsatz je Kunde setzt den Gesamtumsatz ins Verhältnis zur Kundenzahl.",),
        "bold": ("Der Gesamtumsatz zeigt Größe. Der Umsatz je Kunde zeigt Substanz.",),
        "warm": (
            "Summen bleiben abstrakt. Der Umsatz je Kunde führt zurück zur einzelnen Beziehung.",
        ),
        "light": ("Summen machen sich gut auf Folien. Der Umsatz je Kunde hält uns ehrlich.",),
    },
    "revenue": {
        "sober": ("Der Jahreswert ist eine Multiplikation und keine Prognose.",),
        "stiff": ("Der Jahreswert ist ein Vielfaches des Monatswerts und keine Prognose.",),
        "bold": ("Der Jahreswert ist schlicht gerechnet und keine Prognose.",),
        "warm": ("Der Jahreswert ist einfach hochgerechnet, keine Prognose.",),
        "light": ("Und nein, der Jahreswert ist keine Prognose, nur Multiplikation.",),
    },
    "growth": {
        "sober": (
            "Eine Wachstumsrate sagt ohne ihre Basis wenig. Deshalb zeigen wir sie zusammen mit "
            "den absoluten Werten.",
        ),
        "stiff": ("Die Wachstumsrate ist zusammen mit den hier genannten Werten zu lesen.",),
        "bold": ("Wachstum ohne Basis ist eine halbe Aussage. Hier steht beides.",),
        "warm": (
            "Eine Rate allein erzählt nur die halbe Geschichte. Deshalb teilen wir auch "
            "die Werte dazu.",
        ),
        "light": (
            "Eine Wachstumsrate allein ist nur ein Prozentzeichen mit guter Laune. "
            "Darum hier auch die Werte.",
        ),
    },
    "story:growth": {
        "sober": ("Verglichen ist jeweils mit der Vorperiode, bei gleicher Kennzahl.",),
        "stiff": ("Der Vergleich bezieht sich auf die Vorperiode.",),
        "bold": ("Gleiche Kennzahl, Vorperiode, direkter Vergleich.",),
        "warm": ("Verglichen haben wir mit der Periode davor, Gleiches mit Gleichem.",),
        "light": ("Verglichen mit der Periode davor, ohne Tricks an der Achse.",),
    },
    "story:decline": {
        "sober": (
            "Wir berichten das so offen, wie wir einen Anstieg berichten würden. Daran messen wir "
            "die nächste Periode.",
        ),
        "stiff": ("Diese Werte bilden die Basis, an der die nächste Periode gemessen wird.",),
        "bold": ("Ein Rückgang ist eine Tatsache wie jede andere. Er gehört auf den Tisch.",),
        "warm": ("Nicht jede Periode zeigt nach oben, und das sagen wir lieber offen.",),
        "light": ("Nicht jede Kurve zeigt nach oben. Diese nicht, und das darf man sagen.",),
    },
    "story:mixed": {
        "sober": ("Beide Richtungen gehören ins selbe Bild, deshalb nennen wir sie zusammen.",),
        "stiff": ("Beide Entwicklungen sind im Zusammenhang zu sehen.",),
        "bold": ("Ein Bild, beide Richtungen. Eine wegzulassen wäre nur die halbe Wahrheit.",),
        "warm": ("Manches ist gestiegen, manches gesunken. Wir zeigen lieber alles.",),
        "light": ("Ein paar Pfeile nach oben, ein paar nach unten. Hier ist das ganze Dashboard.",),
    },
    "story:efficiency": {
        "sober": ("Bei dieser Kennzahl ist weniger besser.",),
        "stiff": ("Bei dieser Kennzahl ist der niedrigere Wert der bessere.",),
        "bold": ("Hier ist nach unten die richtige Richtung.",),
        "warm": ("Das ist eine der Zahlen, die wir gern sinken sehen.",),
        "light": ("Ausnahmsweise ist nach unten genau die richtige Richtung.",),
    },
    "story:steady": {
        "sober": (
            "Auch keine Veränderung ist ein Ergebnis, und die Basis für den nächsten Vergleich.",
        ),
        "stiff": ("Die Werte sind gegenüber der Vorperiode unverändert.",),
        "bold": ("Stabil ist auch eine Position.",),
        "warm": ("Auch Stabilität ist eine ehrliche Antwort.",),
        "light": ("Kein Drama, keine Veränderung. Auch das ist ein Ergebnis.",),
    },
    "story:figure": {
        "sober": (
            "Das ist ein Stand, kein Trend: Er zeigt, wo wir stehen, und gibt der nächsten "
            "Periode einen Maßstab.",
        ),
        "stiff": (
            "Der Wert beschreibt einen Stand und enthält keinen Vergleich mit früheren Perioden.",
        ),
        "bold": ("Hier stehen wir. Daran messen wir die nächste Periode.",),
        "warm": ("Hier stehen wir heute, und darauf schauen wir beim nächsten Mal zurück.",),
        "light": ("Das ist die Momentaufnahme. Beim nächsten Mal gibt es etwas zum Vergleichen.",),
    },
    "story:level": {
        "sober": (
            "Das sind Stände, keine Trends: Sie zeigen, wo wir stehen, und geben der nächsten "
            "Periode einen Maßstab.",
        ),
        "stiff": (
            "Die Werte beschreiben einen Stand. Ein Vergleich mit einer Vorperiode ist "
            "nicht enthalten.",
        ),
        "bold": ("Hier stehen wir. Daran messen wir die nächste Periode.",),
        "warm": ("Hier stehen wir heute, und darauf schauen wir beim nächsten Mal zurück.",),
        "light": ("Das ist die Momentaufnahme. Beim nächsten Mal gibt es etwas zum Vergleichen.",),
    },
}

BACKGROUND = "Der Hintergrund: {topic}."
FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "up": ("In der Vorperiode waren es {before}.", "Zuvor waren es {before}."),
    "down": ("In der Vorperiode waren es {before}.",),
    "points_up": ("In der Vorperiode waren es {before}.",),
    "points_down": ("In der Vorperiode waren es {before}.",),
    "revenue": ("Aufs Jahr gerechnet sind das {year}.",),
    "conversions": ("Dahinter stehen {visits} Besuche, von denen {rate} konvertieren.",),
    "per_customer": ("Grundlage sind {customers} Kunden.",),
}
