"""Posts of three grades, as careful people, hurried ones and templates would write them."""

from tests.agents.quality_drafts import FALLEN, GROWN, SEED_METRICS, Sample

_VISITS = {
    "traffic_monthly": 84_000,
    "conversion_rate": 0.031,
    "previous": {"traffic_monthly": 60_000, "conversion_rate": 0.034},
}
_CHURN = {"churn_rate": 0.021, "customer_count": 940, "previous": {"churn_rate": 0.034}}

EXCELLENT: tuple[Sample, ...] = (
    Sample(
        "fewer new customers, more revenue",
        "Write a LinkedIn post about our revenue and customers in Q4 2024",
        """25% more revenue, but only 20 new customers.

In Q4 2024 our monthly revenue went from $120,000 to $150,000. The customer base grew from 300 to \
320 in the same months.

Do the division and each customer now brings in $468.75. Most of the growth sits in accounts we \
have had for years.

We had budgeted for a sales team. Instead we hired a second person for onboarding, because that is \
where customers decide whether to stay.

Where did your last customer upgrade come from, sales or support? I would love to read your story.

#Revenue #CustomerGrowth #Q4Results""",
        metrics=GROWN,
    ),
    Sample(
        "four in a hundred",
        "Create a LinkedIn post about our Q4 growth metrics",
        """Of 250,000 visits a month, 95 in 100 leave without a trace.

Our conversion rate in Q4 2024 was 4.5%, which makes 11,250 conversions. Growth of 35% hid that \
number from us for a whole quarter.

So we watched twenty recordings of people who left. Most got stuck on the pricing page, at the \
same toggle.

We removed the toggle on Monday. No new ads, no redesign, one less decision for the visitor.

320 customers pay us $150,000 a month today. The next ones are already on the site.

Which page do your visitors leave from? Tell us how you found out.

#ConversionRate #Growth #Q4Results""",
        metrics=SEED_METRICS,
        constraints={"claimed_numbers": ["95 in 100", "twenty recordings"]},
    ),
    Sample(
        "an honest decline",
        "Write a LinkedIn post about our revenue in Q4 2024, be honest about the decline",
        """We won 10 customers in Q4 2024 and still lost revenue.

Monthly revenue fell 10%, from $100,000 to $90,000, while the number of customers rose from 300 \
to 310.

The reason is ours: in October we moved annual plans to monthly billing. Smaller invoices came \
first, cancellations did not.

We keep the monthly plan, because customers asked for it. What we change is the entry price, from \
the first of March.

Have you ever made a change that hurt revenue and was right all the same? Tell us what \
happened next.

#Revenue #Pricing #Customers""",
        metrics=FALLEN,
    ),
    Sample(
        "more visits, fewer buyers",
        "Write a LinkedIn post about our traffic and conversion rate",
        """40% more traffic. A lower conversion rate. Same invoice from the ad network.

Our visits rose from 60,000 to 84,000 a month, and the conversion rate slipped from 3.4% to 3.1%.

It still makes 2,604 conversions. But the extra visitors came from a campaign for students, and \
our product starts at teams of five.

We stopped that campaign yesterday and moved the budget to two newsletters that accountants read.

What was the last campaign you stopped although its numbers rose? We compare notes in the comments.

#Traffic #ConversionRate #Advertising""",
        metrics=_VISITS,
        constraints={"claimed_numbers": ["five", "two newsletters"]},
    ),
    Sample(
        "churn and a phone call",
        "Write a LinkedIn post about our churn rate and how we lowered it",
        """Our churn rate fell from 3.4% to 2.1%, and no feature did it.

In May we began to phone every customer who had not logged in for ten days. No script, one \
question: what got in your way?

Half the answers were about import files. So we rewrote the import, and put a name and a direct \
line on every invoice.

940 customers are with us today. The cheapest growth was to keep them.

Which question do you ask before a customer leaves? Send us yours, we will share ours.

#ChurnRate #CustomerRetention #Support""",
        metrics=_CHURN,
        constraints={"claimed_numbers": ["ten days", "half"]},
    ),
    Sample(
        "an office without figures",
        "Write a LinkedIn post announcing our new office in Lisbon for engineers",
        """Why did we sign a lease in Lisbon while everybody else gives theirs up?

Because our engineers asked for it. Most of the platform team lives between Alfama and Almada, and \
until now they met in a café with two power sockets.

The new office has a workshop on the ground floor, a quiet room above it, and no reception desk. \
From April, you open the door and stand among the people who write the code.

We are looking for backend and data engineers who like to work next to their users.

Would you come by for a coffee before you send a résumé? Write to us, and Marta shows you around.

#Lisbon #Engineers #Office""",
        tone="conversational",
        constraints={"claimed_numbers": ["two power sockets"]},
    ),
    Sample(
        "a thank-you e-mail",
        "Write an e-mail to our customers about our results in Q4 2024",
        """Dear customers,

you are 320 now, and your trust made Q4 2024 our strongest quarter: monthly revenue rose 25%, from \
$120,000 to $150,000.

We spend it on what you asked for most. The mobile app gets an offline mode in March, and support \
answers on Saturdays as well.

One request from us: which export do you still build by hand? Reply with its name, and we put it \
on the list for April.

Kind regards
Jana and the product team""",
        kind="email",
        channels=("email",),
        subject="25% more revenue, and what you get for it",
        metrics=GROWN,
    ),
    Sample(
        "short and sharp",
        "Write a tweet about our conversion rate in Q4 2024",
        """11,250 conversions a month, and we never bought an ad. In Q4 2024, 4.5% of 250,000 \
visits converted, because the trial starts without a credit card.

Would your conversion rate survive that? #ConversionRate""",
        channels=("twitter",),
        metrics={"conversion_rate": 0.045, "traffic_monthly": 250_000},
    ),
    Sample(
        "german growth",
        "Schreibe einen LinkedIn-Beitrag über unseren Umsatz und unsere Kunden im Q4 2024",
        """25 % mehr Umsatz, aber nur 20 neue Kunden.

Im Q4 2024 stieg unser Monatsumsatz von 120.000 $ auf 150.000 $. Die Zahl der Kunden wuchs von 300 \
auf 320.

Jeder Kunde kauft heute also für 468,75 $ im Monat ein. Der Zuwachs stammt aus Verträgen, die \
längst unterschrieben waren.

Deshalb suchen wir keinen Vertriebsleiter, sondern eine zweite Person für die Einführung beim \
Kunden.

Woher kam Ihr letzter größerer Auftrag: aus der Werbung oder aus dem Bestand? Schreiben Sie es uns \
in die Kommentare.

#Umsatz #Kundenbindung #Vertrieb""",
        language="de",
        metrics=GROWN,
    ),
    Sample(
        "three hundred and twenty thanks",
        "Create a friendly LinkedIn post about reaching 320 customers",
        """320 customers, and I still remember the first invoice: it went to a bakery.

Today you are bakeries, law firms and one lighthouse museum. Together you pay us $150,000 a month, \
and you write the best bug reports in the trade.

Thank you for every one of them. The search you love came from a customer who was tired of \
scrolling.

Next on the bench: printing labels, because the lighthouse asked.

What should we fix for you before summer? Tell us in the comments, we're listening.

#Customers #ThankYou #SmallBusiness""",
        tone="friendly",
        metrics={"customer_count": 320, "revenue_monthly": 150_000},
    ),
)
PLAIN: tuple[Sample, ...] = (
    Sample(
        "plain growth",
        "Write a LinkedIn post about our revenue and customers in Q4 2024",
        """Our monthly revenue grew 25% in Q4 2024.

It rose from $120,000 to $150,000. The number of customers rose from 300 to 320.

Revenue grew faster than the number of customers, so each customer brings in more than before.

We are happy with this result and will continue on this path.

What do you think? Let us know in the comments.

#Revenue #Customers #Growth""",
        metrics=GROWN,
    ),
    Sample(
        "plain decline",
        "Write a LinkedIn post about our revenue in Q4 2024, be honest about the decline",
        """Our monthly revenue fell 10% in Q4 2024.

It went from $100,000 to $90,000. The number of customers rose from 300 to 310.

This is not the result we wanted. More customers brought in less revenue than before.

We are looking at the reasons and will report on the next quarter.

Do you have questions? Get in touch with us.

#Revenue #Customers""",
        metrics=FALLEN,
    ),
    Sample(
        "plain conversion",
        "Write a LinkedIn post about our traffic and conversion rate",
        """Our traffic grew 40% and reached 84,000 visits a month.

The conversion rate went from 3.4% to 3.1%. That makes 2,604 conversions a month.

Traffic grew, but a smaller share of visitors converted. We will work on the conversion rate.

More traffic alone is not enough.

How do you look at it? We look forward to your comments.

#Traffic #ConversionRate #Growth""",
        metrics=_VISITS,
    ),
    Sample(
        "plain german",
        "Schreibe einen LinkedIn-Beitrag über unseren Umsatz und unsere Kunden im Q4 2024",
        """Unser Monatsumsatz stieg im Q4 2024 um 25 %.

Er wuchs von 120.000 $ auf 150.000 $. Die Zahl der Kunden stieg von 300 auf 320.

Der Umsatz ist schneller gewachsen als die Zahl der Kunden. Jeder Kunde trägt also mehr bei als \
zuvor.

Wir freuen uns über dieses Ergebnis und arbeiten weiter daran.

Was denken Sie? Schreiben Sie es uns in die Kommentare.

#Umsatz #Kunden #Wachstum""",
        language="de",
        metrics=GROWN,
    ),
)
GENERIC: tuple[Sample, ...] = (
    Sample(
        "headline figure",
        "Write a LinkedIn post about our customer growth",
        """Our headline figure: customers up 6.7% to 320.

In the previous period, the figure was 300.

The comparison is with the previous period, on the same metrics.

Which of these figures would you look at first?

#Growth #Customers #BusinessMetrics""",
        metrics={"customer_count": 320, "previous": {"customer_count": 300}},
    ),
    Sample(
        "half of what was asked",
        "Write a LinkedIn post about our revenue and customers in Q4 2024",
        """Our monthly revenue grew 25% to $150,000 in Q4 2024.

In the previous period, the figure was $120,000. At an annual rate, that is $1.8 million.

The comparison is with the previous period. The annual rate is a multiplication, not a forecast.

How do you measure progress in your business? We look forward to your perspective.

#Growth #Revenue #BusinessMetrics""",
        metrics=GROWN,
    ),
    Sample(
        "levels and phrases",
        "Write a LinkedIn post about our revenue and customers in Q4 2024",
        """An update from us: our monthly revenue stands at $150,000 in Q4 2024.

The total shows the size of the business. We have 320 customers.

Taken together, these figures describe where we stand today. They are the base for the next \
comparison.

Which metric tells you most about your business? Let us know in the comments.

#Q4Results #BusinessMetrics #LinkedIn""",
        metrics={"revenue_monthly": 150_000, "customer_count": 320},
    ),
    Sample(
        "a short e-mail",
        "Write an e-mail to our customers about our results in Q4 2024",
        """Dear customers,

This is a short summary of our figures in Q4 2024. Our monthly revenue grew 25% to $150,000.

The comparison is with the previous period, on the same metrics.

We are glad to go through these figures with you. Get in touch.

Best regards,
The team""",
        kind="email",
        channels=("email",),
        subject="Our figures in Q4 2024",
        metrics=GROWN,
    ),
)
