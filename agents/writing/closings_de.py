"""How a German text ends: what its figures mean to readers, and what it asks them to do."""

from collections.abc import Mapping

Families = Mapping[str, tuple[str, ...]]

MEANINGS: Mapping[str, Families] = {
    "customers_up": {
        "sober": ("Danke an alle, die sich für uns entschieden haben.",),
        "stiff": ("Wir danken unseren Kunden für ihr Vertrauen.",),
        "bold": ("Jeder einzelne hat sich für uns entschieden. Das verpflichtet.",),
        "warm": ("Danke an alle, die dazugekommen sind.",),
        "light": ("An alle Neuen: hallo, schön, dass ihr da seid.",),
    },
    "customers_down": {
        "sober": ("Jeder Kunde, der geht, hat einen Grund. Den wollen wir wissen.",),
        "stiff": ("Unseren Kunden gilt unsere volle Aufmerksamkeit.",),
        "bold": ("Jeder Kunde, der geht, ist einer zu viel.",),
        "warm": ("An alle, die geblieben sind: danke.",),
        "light": ("Wer gegangen ist: Sagt uns, warum.",),
    },
    "churn_down": {
        "sober": ("Von den Kunden, die wir gewinnen, bleiben also mehr.",),
        "stiff": ("Ein größerer Teil unserer Kunden bleibt bei uns.",),
        "bold": ("Weniger Kunden gehen. Darauf kommt es an.",),
        "warm": ("Dahinter stehen Menschen, die geblieben sind. Danke dafür.",),
        "light": ("Kurz gesagt: weniger Abschiede.",),
    },
    "churn_up": {
        "sober": ("Es gehen also mehr Kunden als zuvor.",),
        "stiff": ("Ein größerer Teil unserer Kunden verlässt uns.",),
        "bold": ("Mehr Kunden gehen als zuvor. Das nehmen wir ernst.",),
        "warm": ("Dahinter stehen Menschen, die gegangen sind. Wir wollen verstehen, warum.",),
        "light": ("Kurz gesagt: mehr Abschiede, als uns lieb ist.",),
    },
    "cost_down": {
        "sober": ("Was wir dort sparen, können wir anderswo einsetzen.",),
        "stiff": ("Der eingesparte Betrag steht für anderes zur Verfügung.",),
        "bold": ("Weniger Ausgaben, und jeder Dollar davon zählt.",),
        "warm": ("Jeder gesparte Dollar ist einer, den wir besser einsetzen können.",),
        "light": ("Unser Konto sagt danke.",),
    },
    "users_up": {
        "sober": ("Dahinter stehen Menschen, die uns ausprobiert haben.",),
        "stiff": ("Wir danken allen für ihr Interesse.",),
        "bold": ("Sie haben uns ausprobiert. Jetzt sind wir dran.",),
        "warm": ("Alle haben uns ausprobiert, und das wollen wir wert sein.",),
        "light": ("An alle neuen Gesichter: hallo!",),
    },
    "traffic_up": {
        "sober": ("Mehr Menschen haben sich angesehen, was wir tun.",),
        "stiff": ("Das Interesse ist größer als zuvor.",),
        "bold": ("Mehr Menschen schauen hin. Jetzt müssen wir überzeugen.",),
        "warm": ("Schön, dass mehr von euch vorbeischauen.",),
        "light": ("Es wird voller hier, und das gefällt uns.",),
    },
    "traffic_down": {
        "sober": ("Weniger Menschen haben zu uns gefunden. Dem gehen wir nach.",),
        "stiff": ("Diese Aufmerksamkeit wollen wir zurückgewinnen.",),
        "bold": ("Weniger Menschen kamen vorbei. Jetzt gilt es, sie neu zu überzeugen.",),
        "warm": ("Weniger von euch haben vorbeigeschaut. Was hat gefehlt?",),
        "light": ("Es ist etwas ruhiger geworden hier.",),
    },
    "decline": {
        "sober": ("Zufrieden sind wir damit nicht.",),
        "stiff": ("Das entspricht nicht unseren eigenen Erwartungen.",),
        "bold": ("Zufrieden sind wir damit nicht, und das sagen wir auch.",),
        "warm": ("Auch aus einem Schritt zurück lässt sich lernen.",),
        "light": ("Weiter geht es.",),
    },
    "conversions": {
        "sober": (
            "Zwei Dinge bewegen diese Zahl: wie viele uns besuchen und wie viele davon Ja sagen.",
        ),
        "stiff": ("Besuche und Konversionsrate bestimmen diese Zahl gemeinsam.",),
        "bold": ("Zwei Hebel bewegen diese Zahl: Besuche und Konversionsrate.",),
        "warm": ("Es braucht beides: Menschen, die zu uns finden, und Gründe zu bleiben.",),
        "light": ("Zwei Regler, ein Ergebnis: mehr Besuche oder mehr, die Ja sagen.",),
    },
    "steady": {
        "sober": ("Keine Veränderung also. Manchmal ist das die Nachricht.",),
        "stiff": ("Eine Veränderung gab es nicht.",),
        "bold": ("Stabil. Damit können wir leben.",),
        "warm": ("Von hier aus lässt sich der nächste Schritt gehen.",),
        "light": ("Diesmal kein Drama.",),
    },
    "milestone": {
        "sober": ("Danke an alle, die daran Anteil haben.",),
        "stiff": ("Wir danken allen, die dazu beigetragen haben.",),
        "bold": ("Das habt ihr möglich gemacht. Danke.",),
        "warm": ("Danke an alle, die diese Schritte mitgegangen sind.",),
        "light": ("Ein großes Danke an alle, die uns hierher gebracht haben.",),
    },
}
NO_GROWTH: Families = {
    "sober": ("Das ist kein Wachstum, und wir nennen es auch nicht so.",),
    "stiff": ("Die Werte zeigen kein Wachstum.",),
    "bold": ("Wachstum ist das nicht. Auf den Tisch gehört es trotzdem.",),
    "warm": ("Über Wachstum schreibt es sich leichter.",),
    "light": ("Wachstum wäre die schönere Schlagzeile. Das hier sind die echten Zahlen.",),
}
# What readers are asked: those who are addressed as Sie, and those who are addressed as du.
QUESTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "revenue": (
        (
            "Was hat Ihren Umsatz zuletzt am stärksten bewegt?",
            "Welche Entscheidung hat bei Ihnen am meisten für den Umsatz getan?",
        ),
        ("Was hat deinen Umsatz zuletzt am stärksten bewegt?",),
    ),
    "customers": (
        (
            "Warum entscheiden sich Kunden für Sie?",
            "Wie haben Ihre neuesten Kunden zu Ihnen gefunden?",
        ),
        ("Warum kommen Kunden gerade zu dir?", "Wie finden neue Kunden zu dir?"),
    ),
    "traffic": (
        ("Was bringt Menschen auf Ihre Seite?",),
        ("Was bringt Menschen auf deine Seite?",),
    ),
    "conversion": (
        ("Was bewegt Besucher bei Ihnen dazu, Ja zu sagen?",),
        ("Was bewegt Besucher bei dir dazu, Ja zu sagen?",),
    ),
    "churn": (("Was hält Ihre Kunden bei Ihnen?",), ("Was hält deine Kunden bei dir?",)),
    "users": (
        ("Wie wird bei Ihnen aus dem ersten Versuch eine Gewohnheit?",),
        ("Wie wird bei dir aus dem ersten Versuch eine Gewohnheit?",),
    ),
    "satisfaction": (
        ("Was sagen Ihre Kunden, das keine Zahl zeigt?",),
        ("Was sagen deine Kunden, das keine Zahl zeigt?",),
    ),
    "costs": (
        ("Wo haben Sie gespart, ohne etwas zu vermissen?",),
        ("Wo hast du gespart, ohne etwas zu vermissen?",),
    ),
    "team": (
        ("Worauf achten Sie, wenn Ihr Team wächst?",),
        ("Worauf achtest du, wenn dein Team wächst?",),
    ),
    "growth": (
        ("Woher kommt das Wachstum in Ihrem Unternehmen?", "Was treibt Wachstum bei Ihnen an?"),
        ("Woher kommt bei dir das Wachstum?", "Was treibt Wachstum bei dir an?"),
    ),
    "bad": (
        ("Was hat Ihnen geholfen, so eine Zahl zu drehen?",),
        ("Was hat dir geholfen, so eine Zahl zu drehen?",),
    ),
    "general": (
        (
            "Wie sieht das im Vergleich bei Ihnen aus?",
            "Was würden Sie an unserer Stelle als Nächstes tun?",
        ),
        ("Wie sieht das bei dir aus?", "Was würdest du an unserer Stelle als Nächstes tun?"),
    ),
    "question_topic": (("Wie sehen Sie das?",), ("Wie siehst du das?",)),
    "named_topic": ((), ()),
    "topic": (
        ("Was möchten Sie darüber wissen?",),
        ("Was möchtest du darüber wissen?",),
    ),
}
INVITES: Mapping[str, tuple[str, ...]] = {
    "professional": (
        "Schreiben Sie es uns in die Kommentare.",
        "Wir freuen uns auf Ihre Sicht in den Kommentaren.",
    ),
    "formal": (
        "Für Fragen und Anmerkungen stehen wir Ihnen gern zur Verfügung.",
        "Bitte wenden Sie sich an uns, wenn Sie weitere Angaben wünschen.",
    ),
    "authoritative": ("Sagen Sie uns, wo Sie stehen.",),
    "informative": ("Fragen Sie uns in den Kommentaren.",),
    "neutral": ("Fragen beantworten wir in den Kommentaren.",),
    "confident": ("Sprechen Sie uns an, wir haben Antworten.",),
    "urgent": ("Sagen Sie es uns noch heute.",),
    "inspirational": ("Teilen Sie Ihren nächsten Schritt mit uns.",),
    "empathetic": ("Schreiben Sie es uns, wir lesen jede Antwort.",),
    "friendly": (
        "Schreib es uns gern in die Kommentare!",
        "Wir freuen uns auf deinen Kommentar!",
    ),
    "conversational": ("Erzähl es uns in den Kommentaren.",),
    "casual": ("Ab damit in die Kommentare.", "Einfach unten reinschreiben."),
    "witty": ("Die beste Antwort bekommt Applaus (mindestens von uns).",),
    "enthusiastic": ("Wir freuen uns riesig auf deine Antwort!",),
}
CALLS: Mapping[str, Families] = {
    "customers": {
        "sober": ("Woran sollen wir für Sie als Nächstes arbeiten? Sagen Sie es uns.",),
        "stiff": ("Wir danken unseren Kunden für ihr Vertrauen und stehen für Fragen bereit.",),
        "bold": ("Sie sind Kunde bei uns? Sagen Sie uns, was wir besser machen sollen.",),
        "warm": ("Danke, dass ihr dabei seid. Was möchtet ihr als Nächstes sehen?",),
        "light": ("Ihr seid Teil davon. Was sollen wir als Nächstes für euch tun?",),
    },
    "investors": {
        "sober": ("Bei Fragen sprechen Sie uns an, wir gehen sie gern mit Ihnen durch.",),
        "stiff": ("Für Ihre Fragen stehen wir Ihnen zur Verfügung.",),
        "bold": ("Fragen Sie uns zu jeder dieser Zahlen. Wir haben Antworten.",),
        "warm": ("Gern sprechen wir gemeinsam darüber. Eine kurze Nachricht genügt.",),
        "light": ("Lust, tiefer einzusteigen? Eine kurze Nachricht genügt.",),
    },
    "team": {
        "sober": ("Was nehmen wir uns als Nächstes vor? Bringen Sie es ins nächste Treffen mit.",),
        "stiff": ("Bitte bringen Sie Fragen in die nächste Besprechung ein.",),
        "bold": ("Was nehmen wir uns als Nächstes vor? Sagen Sie es Ihrem Team.",),
        "warm": ("Danke für euren Teil daran. Was nehmen wir uns gemeinsam als Nächstes vor?",),
        "light": ("Was nehmen wir uns als Nächstes vor? Ihr wisst, wo ihr uns findet.",),
    },
    "email": {
        "sober": ("Antworten Sie auf diese E-Mail, wenn Sie mehr erfahren möchten.",),
        "stiff": ("Bei Fragen antworten Sie bitte auf diese E-Mail.",),
        "bold": ("Fragen? Antworten Sie auf diese E-Mail.",),
        "warm": ("Eine kurze Antwort auf diese E-Mail genügt, wenn etwas offen ist.",),
        "light": ("Neugierig? Antworte einfach auf diese E-Mail.",),
    },
}
MESSAGES = ("Ein Gruß in den Kommentaren freut sie bestimmt.",)
SHORT_CALLS = {
    "sober": "Wie sehen Sie das?",
    "stiff": "Wir stehen für Fragen bereit.",
    "bold": "Sprechen Sie uns an.",
    "warm": "Was meint ihr?",
    "light": "Und bei dir?",
}
