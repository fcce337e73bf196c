"""Business requests with the complexity that a person gave them before any rule was written.

SIMPLE: one short text or edit, nothing to work out. MEDIUM: one deliverable with given figures, an
explanation, or the same message for two places. COMPLEX: several analyses, a forecast, a plan, or
many parts. CRITICAL: a mistake has legal, financial or public consequences. `TUNED` was looked at
while the rules were made, `UNSEEN` was not.
"""

from agents.models.tiers import Complexity

_S, _M, _X, _C = Complexity

TUNED: tuple[tuple[str, Complexity], ...] = (
    ("Write a short thank-you note to our newsletter subscribers", _S),
    ("Shorten this paragraph to two sentences", _S),
    ("Fix the typos in this tweet", _S),
    ("Suggest three hashtags for our coffee post", _S),
    ("Tweet that our shop opens at 9 tomorrow", _S),
    ("Translate this sentence into German", _S),
    ("Write a friendly birthday greeting for a customer", _S),
    ("Make this subject line catchier", _S),
    ("Post a reminder about Friday's webinar", _S),
    ("Rewrite this sentence in a more casual tone", _S),
    ("Kürze diesen Absatz auf einen Satz", _S),
    ("Schreibe einen kurzen Tweet zu unserem Tag der offenen Tür", _S),
    ("Korrigiere die Rechtschreibung in diesem Text", _S),
    ("Formuliere die Betreffzeile freundlicher", _S),
    ("Bedanke dich bei den Teilnehmern des Webinars", _S),
    ("Nenne fünf Hashtags für unser Sommerfest", _S),
    ("Create a LinkedIn post about our Q4 growth metrics", _M),
    ("Write a product update e-mail for our customers about the new dashboard", _M),
    ("Summarise last month's revenue and traffic in one paragraph", _M),
    ("Draft a LinkedIn post and a tweet about our 320 customers", _M),
    ("Explain why our conversion rate matters, with an example", _M),
    ("Write a newsletter about our new office in Berlin with a call to action", _M),
    ("Compare this month's traffic with last month's", _M),
    ("Write a case study post about how a customer saved 20 % of support time", _M),
    ("Turn these sales figures into a short report", _M),
    ("Announce our revenue milestone of $150,000 a month on LinkedIn and X", _M),
    ("Erstelle einen LinkedIn-Beitrag über unsere Umsatzzahlen im dritten Quartal", _M),
    ("Schreibe einen Newsletter über unser neues Produkt mit drei Vorteilen", _M),
    ("Fasse die Besucherzahlen des letzten Monats zusammen", _M),
    ("Vergleiche den Umsatz dieses Monats mit dem Vormonat", _M),
    ("Erkläre unseren Kunden die neue Abrechnung in einer E-Mail", _M),
    ("Schreibe einen Beitrag und einen Tweet zu unserem Wachstum von 35 %", _M),
    (
        "Analyze revenue, churn and conversion by segment over the last four quarters and explain "
        "what drives the change",
        _X,
    ),
    ("Forecast revenue for the next two quarters with three scenarios and a chart", _X),
    ("Build a go-to-market plan for the German market with budget, channels and milestones", _X),
    (
        "Compare us with our three main competitors on price, features and growth, and recommend a "
        "position",
        _X,
    ),
    ("Write a content strategy for the next quarter across LinkedIn, X and e-mail", _X),
    ("Find the root cause of the drop in conversion and propose experiments to fix it", _X),
    ("Calculate CAC, LTV and payback for each channel and suggest how to shift the budget", _X),
    (
        "Prepare a quarterly business review: revenue, traffic, churn, market trends, and next "
        "steps",
        _X,
    ),
    ("Analyse our cohort retention and forecast churn for the coming year", _X),
    (
        "Evaluate market trends in AI tooling and derive a product roadmap with priorities and "
        "risks",
        _X,
    ),
    (
        "Analysiere Umsatz, Abwanderung und Marge der letzten vier Quartale und leite Maßnahmen ab",
        _X,
    ),
    ("Erstelle eine Prognose für das nächste Jahr mit drei Szenarien und Diagramm", _X),
    ("Entwickle eine Content-Strategie für LinkedIn, X und E-Mail für das nächste Quartal", _X),
    ("Vergleiche uns mit drei Wettbewerbern nach Preis, Funktionen und Wachstum", _X),
    ("Finde die Ursachen für den Rückgang der Conversion und schlage Experimente vor", _X),
    ("Plane die Markteinführung in Österreich mit Budget, Kanälen und Meilensteinen", _X),
    ("Prepare a board-level risk assessment of the merger", _C),
    ("Draft a statement to customers about the data breach", _C),
    ("Write the investor update on our missed targets and the down round", _C),
    ("Announce the layoffs to all employees", _C),
    ("Review this securities offering text for compliance with SEC rules", _C),
    ("Prepare our answer to the regulator's inquiry about misleading advertising", _C),
    ("Draft a press release about the product recall", _C),
    ("Summarise the legal exposure of our lawsuit with the former supplier for the board", _C),
    ("Write a LinkedIn post with guaranteed returns for our new investment fund", _C),
    ("Prepare the acquisition offer letter with valuation and conditions", _C),
    ("Erstelle eine Vorstandsvorlage zur Übernahme mit Bewertung und Risiken", _C),
    ("Schreibe eine Stellungnahme zum Datenleck für unsere Kunden", _C),
    ("Formuliere die Ad-hoc-Mitteilung zur Gewinnwarnung", _C),
    ("Kündige den Stellenabbau in einer Mitteilung an die Belegschaft an", _C),
    ("Prüfe den Vertrag mit dem Lieferanten auf Haftungsrisiken", _C),
    ("Antworte der Aufsichtsbehörde auf den Vorwurf irreführender Werbung", _C),
    ("Bereite die Präsentation für den Aufsichtsrat zur drohenden Insolvenz vor", _C),
    ("Write our response to the GDPR complaint of a former customer", _C),
)

UNSEEN: tuple[tuple[str, Complexity], ...] = (
    ("Write a one-line out-of-office reply", _S),
    ("Give this post a better headline", _S),
    ("Wish our followers a happy new year", _S),
    ("Say in a tweet that the app is back online", _S),
    ("Schreibe eine kurze Erinnerung an das Meetup am Donnerstag", _S),
    ("Übersetze diese Überschrift ins Englische", _S),
    ("Mach diesen Satz höflicher", _S),
    ("Write a LinkedIn post about our conversion rate of 4.5 % in October", _M),
    ("Write a monthly update e-mail with our customer count and traffic", _M),
    ("Describe the advantages of our new plan for small teams in a blog post", _M),
    ("Schreibe einen Beitrag über unsere 320 Kunden mit Handlungsaufforderung", _M),
    ("Berichte kurz über Umsatz und Besucher im November", _M),
    ("Erkläre in einem Newsletter, was sich an den Preisen ändert", _M),
    (
        "Model unit economics for two pricing options and recommend one with a sensitivity "
        "analysis",
        _X,
    ),
    (
        "Create a 90-day marketing plan with weekly milestones, budget split and success metrics",
        _X,
    ),
    ("Investigate seasonality in our sales and predict the fourth quarter", _X),
    ("Werte die Kampagnen des Jahres aus, vergleiche Kanäle und empfehle die Budgetverteilung", _X),
    ("Erarbeite eine Wettbewerbsanalyse mit Stärken, Schwächen und einer Empfehlung", _X),
    ("Erstelle einen Fahrplan für die Internationalisierung mit Prioritäten und Risiken", _X),
    ("Draft the notice to shareholders about the delayed annual report", _C),
    ("Explain the tax audit findings to our bank", _C),
    ("Write a public apology after the discrimination allegations against our CEO", _C),
    ("Entwirf die Kündigung des Mietvertrags unserer Zentrale", _C),
    ("Informiere die Investoren über den Abbruch der Finanzierungsrunde", _C),
)
