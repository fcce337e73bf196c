"""How each tone frames a German text: first lines, transitions, calls to action, greetings."""

from collections.abc import Mapping

HOOKS: Mapping[str, tuple[str, ...]] = {
    "professional": (
        "{S}{when}.",
        "{NP}{when}: Was dahinter steht.",
        "Unsere wichtigste Zahl{when}: {np}.",
    ),
    "formal": ("{S}{when}.", "Wir berichten{when}: {np}."),
    "authoritative": (
        "{NP}{when}. Hier sind die Belege.",
        "Die Zahl, auf die es ankommt{when}: {np}.",
    ),
    "informative": (
        "{S}{when}. Die Zahlen im Überblick.",
        "Die wichtigste Kennzahl{when}: {np}.",
    ),
    "neutral": ("{S}{when}.", "{NP}{when}."),
    "confident": (
        "{NP}{when}. Mit dieser Zahl fangen wir an.",
        "Unsere Zahl liegt auf dem Tisch: {np}{when}.",
    ),
    "urgent": (
        "Die Zahlen sind da: {np}{when}.",
        "Diese Zahl zuerst: {np}{when}.",
    ),
    "inspirational": (
        "Eine Zahl, bei der es sich lohnt innezuhalten: {np}{when}.",
        "Fortschritt besteht aus Schritten, die man zählen kann. Unsere{when}: {np}.",
    ),
    "empathetic": (
        "Hinter jeder Zahl stehen Menschen. Unsere{when}: {np}.",
        "Für alle, die unsere Arbeit begleiten: {np}{when}.",
    ),
    "friendly": (
        "Wir möchten eine Zahl mit dir teilen: {np}{when}.",
        "Hallo zusammen! So stehen wir da: {np}{when}.",
    ),
    "conversational": (
        "Reden wir über eine Zahl: {np}{when}.",
        "Wie lief es bei uns? {S}{when}.",
    ),
    "casual": (
        "Kurzer Zahlencheck: {np}{when}.",
        "Zahl des Tages: {np}{when}.",
    ),
    "witty": (
        "Wir haben unser Dashboard nach einer Schlagzeile gefragt. Es sagte: {np}{when}.",
        "Kein Trommelwirbel, nur eine Zahl: {np}{when}.",
    ),
    "enthusiastic": (
        "Was für eine Zahl: {np}{when}!",
        "Diese Zahl verdient ein Ausrufezeichen: {np}{when}!",
    ),
}
HOOKS_OF_MILESTONES: Mapping[str, tuple[str, ...]] = {
    "sober": ("Ein Meilenstein für uns: {np}{when}.", "{NP}{when}: ein Meilenstein für uns."),
    "stiff": ("Wir haben einen Meilenstein erreicht: {np}{when}.",),
    "bold": ("Meilenstein erreicht: {np}{when}.",),
    "warm": ("Ein Meilenstein, den wir gern teilen: {np}{when}.",),
    "light": ("Meilenstein geknackt: {np}{when}!",),
}
HOOKS_OF_BAD_NEWS: Mapping[str, tuple[str, ...]] = {
    "sober": ("{S}{when}.", "{NP}{when}: die Zahlen im Zusammenhang."),
    "stiff": ("{S}{when}.",),
    "bold": ("{S}{when}. Hier ist das ganze Bild.",),
    "warm": ("Ein ehrlicher Blick auf unsere Zahlen: {np}{when}.",),
    "light": ("Ohne Schönfärberei: {np}{when}.",),
}
BRIDGES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "facts": {
        "sober": ("", "Das Bild dazu:", "Die Zahlen im Umfeld:"),
        "stiff": ("", "Im Einzelnen:"),
        "bold": ("Die Fakten:", "Was dahinter steht:"),
        "warm": ("Ein bisschen ausführlicher:", "Das ganze Bild:"),
        "light": ("Was sonst noch auf dem Zettel steht:", "Der Rest der Zahlen:"),
    },
    "arithmetic": {
        "sober": (
            "Wie die Zahlen zusammenhängen:",
            "Die Rechnung dahinter:",
            "Ins Verhältnis gesetzt:",
        ),
        "stiff": ("Die Werte hängen wie folgt zusammen:", ""),
        "bold": ("Die Rechnung ist klar:", "Nachgerechnet:"),
        "warm": ("Wie passt das zusammen?", "So rechnet sich das:"),
        "light": ("Kurz gerechnet:", "Jetzt der spaßige Teil, die Rechnung:"),
    },
}
CALLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "general": {
        "professional": (
            "Auf welche dieser Zahlen achten Sie zuerst? Schreiben Sie es uns in die Kommentare.",
            "Wie messen Sie Fortschritt in Ihrem Unternehmen? Wir freuen uns auf Ihre Sicht.",
        ),
        "formal": (
            "Für Fragen und Anmerkungen stehen wir Ihnen gern zur Verfügung.",
            "Bitte wenden Sie sich an uns, wenn Sie weitere Angaben wünschen.",
        ),
        "authoritative": ("Vergleichen Sie diese Zahlen mit Ihren eigenen. Wo stehen Sie?",),
        "informative": (
            "Welche Zahl sollen wir genauer erklären? Fragen Sie uns in den Kommentaren.",
        ),
        "neutral": ("Fragen zu den Zahlen beantworten wir in den Kommentaren.",),
        "confident": ("Möchten Sie wissen, wie wir arbeiten? Sprechen Sie uns an.",),
        "urgent": ("Haben Sie eine Frage zu diesen Zahlen? Stellen Sie sie noch heute.",),
        "inspirational": ("Auf welchen Schritt sind Sie stolz? Teilen Sie ihn mit uns.",),
        "empathetic": ("Wie sieht es bei Ihnen aus? Schreiben Sie uns in den Kommentaren.",),
        "friendly": (
            "Was meinst du? Schreib es uns gern in die Kommentare!",
            "Welche Zahl überrascht dich am meisten? Wir freuen uns auf deinen Kommentar!",
        ),
        "conversational": ("Worauf würdest du zuerst schauen? Erzähl es uns in den Kommentaren.",),
        "casual": (
            "Was sagst du dazu? Ab in die Kommentare damit.",
            "Hast du auch so eine Zahl? Her damit.",
        ),
        "witty": ("Was sagt dein Dashboard? Lass es in den Kommentaren zu Wort kommen.",),
        "enthusiastic": ("Welche Zahl ist dein Favorit? Schreib sie in die Kommentare.",),
    },
    "customers": {
        "sober": ("Welche dieser Zahlen ist für Sie als Kunde am wichtigsten? Sagen Sie es uns.",),
        "stiff": ("Wir danken unseren Kunden für ihr Vertrauen und stehen für Fragen bereit.",),
        "bold": ("Sie sind Kunde bei uns? Sagen Sie uns, was wir als Nächstes messen sollen.",),
        "warm": ("Danke, dass ihr dabei seid. Was möchtet ihr als Nächstes sehen?",),
        "light": ("Ihr seid Teil dieser Zahlen. Worauf sollen wir als Nächstes schauen?",),
    },
    "investors": {
        "sober": ("Gern gehen wir diese Zahlen mit Ihnen durch. Sprechen Sie uns an.",),
        "stiff": ("Für ein Gespräch über diese Zahlen stehen wir Ihnen zur Verfügung.",),
        "bold": ("Fragen Sie uns zu jeder dieser Zahlen. Wir gehen sie mit Ihnen durch.",),
        "warm": ("Gern gehen wir die Zahlen gemeinsam durch. Eine kurze Nachricht genügt.",),
        "light": ("Lust, tiefer in die Zahlen zu schauen? Eine kurze Nachricht genügt.",),
    },
    "team": {
        "sober": (
            "Welche dieser Zahlen kann Ihr Team beeinflussen? Bringen Sie sie ins "
            "nächste Treffen mit.",
        ),
        "stiff": ("Bitte bringen Sie Fragen in die nächste Besprechung ein.",),
        "bold": ("Welche Zahl bewegen Sie? Sagen Sie es Ihrem Team.",),
        "warm": ("Danke für euren Teil daran. Über welche Zahl sollten wir als Nächstes reden?",),
        "light": ("Über welche Zahl reden wir als Nächstes? Ihr wisst, wo ihr uns findet.",),
    },
    "email": {
        "sober": (
            "Antworten Sie auf diese E-Mail, wenn Sie über eine der Zahlen sprechen möchten.",
        ),
        "stiff": ("Bei Fragen antworten Sie bitte auf diese E-Mail.",),
        "bold": ("Antworten Sie auf diese E-Mail mit der Zahl, zu der Sie mehr wissen wollen.",),
        "warm": ("Eine kurze Antwort auf diese E-Mail genügt, wenn etwas offen ist.",),
        "light": ("Antworte einfach und sag uns, welche Zahl dir aufgefallen ist.",),
    },
    "topic": {
        "sober": (
            "Möchten Sie mehr erfahren? Sprechen Sie uns an.",
            "Wie sehen Sie das? Wir freuen uns auf Ihren Kommentar.",
        ),
        "stiff": ("Für weitere Auskünfte stehen wir Ihnen gern zur Verfügung.",),
        "bold": ("Sie möchten mehr wissen? Fragen Sie uns.",),
        "warm": ("Fragen oder Gedanken dazu? Ab damit in die Kommentare.",),
        "light": ("Fragen? Immer her damit.", "Neugierig? Frag uns in den Kommentaren."),
    },
    "topic_email": {
        "sober": ("Antworten Sie auf diese E-Mail, wenn Sie mehr erfahren möchten.",),
        "stiff": ("Für weitere Auskünfte antworten Sie bitte auf diese E-Mail.",),
        "bold": ("Antworten Sie auf diese E-Mail, um mehr zu erfahren.",),
        "warm": ("Eine kurze Antwort auf diese E-Mail genügt, wenn etwas offen ist.",),
        "light": ("Neugierig? Antworte einfach auf diese E-Mail.",),
    },
}
SHORT_CALLS = {
    "sober": "Wie sehen Sie das?",
    "stiff": "Wir stehen für Fragen bereit.",
    "bold": "Sprechen Sie uns an.",
    "warm": "Was meint ihr?",
    "light": "Und bei dir?",
}
GREETINGS: Mapping[str, tuple[str, str]] = {
    "sober": ("Guten Tag,", "Guten Tag,"),
    "stiff": ("Sehr geehrte Damen und Herren,", "Sehr geehrte Damen und Herren,"),
    "bold": ("Guten Tag,", "Guten Tag,"),
    "warm": ("Hallo zusammen,", "Hallo zusammen,"),
    "light": ("Hallo,", "Hallo,"),
}
OPENINGS: Mapping[str, tuple[str, ...]] = {
    "sober": (
        "hier sind unsere Zahlen{when} in Kürze.",
        "wir fassen unsere Zahlen{when} kurz zusammen.",
    ),
    "stiff": ("nachstehend finden Sie eine Zusammenfassung unserer Zahlen{when}.",),
    "bold": ("das sind unsere Zahlen{when}, ohne Umwege.",),
    "warm": ("wir möchten mit euch teilen, wie wir{when} dastehen.",),
    "light": ("Zeit für einen kurzen Blick auf unsere Zahlen{when}.",),
}
SIGN_OFFS = {
    "sober": "Freundliche Grüße\nIhr Team",
    "stiff": "Mit freundlichen Grüßen\nIhr Team",
    "bold": "Freundliche Grüße\nIhr Team",
    "warm": "Herzliche Grüße\nEuer Team",
    "light": "Viele Grüße\nDein Team",
}
NEWS: Mapping[str, tuple[str, ...]] = {
    "professional": ("Neues von uns: {topic}.", "Aus unserem Unternehmen: {topic}."),
    "formal": ("Wir informieren Sie zum folgenden Thema: {topic}.",),
    "authoritative": ("Heute auf unserer Agenda: {topic}.",),
    "informative": ("Gut zu wissen: {topic}.",),
    "neutral": ("Zum Thema: {topic}.",),
    "confident": ("{Topic}. Das meinen wir ernst.", "Bitte vormerken: {topic}."),
    "urgent": ("Bitte zuerst lesen: {topic}.",),
    "inspirational": ("Ein Schritt, den wir gern teilen: {topic}.",),
    "empathetic": ("Für Sie, aus erster Hand: {topic}.",),
    "friendly": (
        "Wir haben Neuigkeiten: {topic}!",
        "Hallo zusammen! Heute geht es um Folgendes: {topic}.",
    ),
    "conversational": ("Reden wir darüber: {topic}.", "Schon gehört? {Topic}."),
    "casual": ("Kurzes Update von uns: {topic}.",),
    "witty": ("Kein Trommelwirbel, nur Neuigkeiten: {topic}.",),
    "enthusiastic": ("Hier kommen unsere Neuigkeiten: {topic}!", "Es ist so weit: {topic}!"),
}
EMOJIS = {
    "growth": "📈",
    "milestone": "🎉",
    "efficiency": "📉",
    "level": "📊",
    "none": "📣",
    "steady": "📊",
    "change": "📊",
    "mixed": "",
    "decline": "",
}
