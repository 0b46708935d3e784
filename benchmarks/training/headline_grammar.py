"""Invented headlines to train on: promotion of many kinds, and honest news about the same things, from seeded templates.

Everything here is invented; names are made of syllables. `{slot}` is filled from SLOTS or from the name makers. Promotion and honest
news share the slots, so that no product gives an answer away. The templates of one kind stay together when figures are made.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

SLOTS: dict[str, tuple[str, ...]] = {
    "thing": (
        "heat pumps", "air fryers", "robot vacuums", "standing desks", "e-bikes", "running shoes", "hearing aids", "solar panels", "smart locks",
        "protein bars", "mattresses", "drones", "dash cams", "wireless earbuds", "water filters", "baby monitors", "electric toothbrushes", "gaming chairs",
        "power banks", "garden furniture", "collagen powders", "travel pillows", "VPN services", "meal kits", "pet insurance plans", "credit cards",
    ),
    "field": (
        "cloud security", "data center cooling", "medical imaging", "industrial automation", "craft chocolate", "lithium recycling", "drug discovery",
        "payment processing", "smart farming", "facial recognition", "fleet management", "digital twins", "wound care", "plant-based meat", "warehouse robotics",
        "green hydrogen", "edge computing", "legal technology", "dental implants", "battery storage", "satellite broadband", "insurance software",
        "carbon capture", "speech recognition", "cosmetic packaging", "semiconductor testing", "gene sequencing", "cyber insurance", "sleep apnea devices",
    ),
    "place": ("Northern Europe", "Asia", "the Gulf", "the Midwest", "Latin America", "East Africa", "the Baltic states", "the Nordics", "Southeast Asia", "the coast"),
    "city": ("Port Amary", "Kestrel Bay", "Lindholm", "Orsova", "Tarrow", "Velden", "Maribor Heights", "Ashgrove", "San Telio", "Quillon"),
    "trade": ("dentist", "attorney", "realtor", "orthodontist", "wealth adviser", "chiropractor", "interior designer", "life coach", "plastic surgeon", "accountant", "architect", "consultant"),
    "firmkind": ("law firm", "dental clinic", "marketing agency", "software house", "roofing company", "staffing firm", "design studio", "logistics company", "wealth manager", "clinic"),
    "year": ("2024", "2025", "2026", "2027"),
    "later": ("2028", "2029", "2030", "2031", "2032", "2033", "2034", "2035"),
    "n": ("3", "5", "6", "7", "8", "9", "10", "11", "12", "15", "20", "25"),
    "pct": ("4.2%", "6.8%", "7.1%", "9.4%", "11.3%", "12.5%", "14.9%", "18.2%", "21.6%", "28%"),
    "bn": ("1.8", "3.4", "7.2", "12.6", "18.9", "27.5", "41", "63.3", "88", "112.4"),
    "m": ("2", "4.5", "8", "12", "20", "35", "60", "110", "240"),
    "x": ("5x", "10x", "25x", "50x", "100x", "1000x"),
    "event": ("AgriTech Expo", "the Global Wellness Forum", "FinConnect Summit", "the World Packaging Congress", "SecureWorld Days", "the Annual Energy Symposium",
              "MedDevice Week", "the Investor Growth Conference", "CloudCon", "the Smart Mobility Show", "a fireside chat", "the Digital Health Fair"),
    "month": ("January", "March", "May", "June", "September", "October", "November"),
    "role": ("Chief Executive Officer", "Chief Revenue Officer", "Vice President of Sales", "Chief Technology Officer", "Head of Partnerships", "Chief Marketing Officer", "Board Advisor"),
    "coin": ("Bitcoin", "Ethereum", "Dogecoin", "Solana", "XRP"),
    "metal": ("lithium", "gold", "copper", "uranium", "silver", "rare earth"),
    "tech": ("facial recognition", "artificial intelligence", "self-driving", "speech recognition", "machine learning", "a chatbot", "image recognition", "computer vision", "AI",
             "robotics", "natural language processing", "deep learning", "augmented reality", "quantum computing", "cloud gaming", "voice assistant", "drone delivery"),
    "giant": ("search giant", "chip maker", "carmaker", "cloud provider", "social network", "phone maker", "software giant", "fund manager", "online retailer", "start-up", "telecom operator"),
    "software": ("low-code apps", "model-driven apps", "the portal", "the reporting platform", "cloud functions", "the mobile app", "the data platform", "workflow automation", "the design system",
                 "the machine learning service", "team chat", "the notebook service", "the identity service", "the message queue", "canvas apps"),
    "ill": ("joint pain", "belly fat", "tinnitus", "high blood sugar", "nerve pain", "hair loss", "poor sleep", "brain fog", "gum disease"),
    "body": ("council", "health ministry", "competition authority", "trade union", "central bank", "safety regulator", "port authority", "school board", "appeals court", "parliament"),
    "crowd": ("tenants", "farmers", "nurses", "commuters", "pensioners", "fishermen", "teachers", "investors", "drivers", "shopkeepers", "patients", "miners"),
}  # fmt: skip

_HEADS = (
    "Bri",
    "Nor",
    "Vel",
    "Zan",
    "Qua",
    "Lum",
    "Tor",
    "Hex",
    "Syn",
    "Alt",
    "Pri",
    "Cor",
    "Mer",
    "Ax",
    "Fen",
    "Ory",
    "Ter",
    "Vi",
    "Kel",
    "Sol",
)
_TAILS = (
    "tiva",
    "dex",
    "nova",
    "loop",
    "wise",
    "mark",
    "phyr",
    "grid",
    "flow",
    "sera",
    "tech",
    "bridge",
    "core",
    "lytics",
    "path",
    "via",
    "zen",
    "quest",
    "yon",
    "ria",
)
_ENDS = (
    "",
    "",
    "",
    " Group",
    " Technologies",
    " Labs",
    " Inc.",
    " Solutions",
    " Holdings",
    " Partners",
    " Health",
    " Capital",
    " Systems",
    " AI",
)
_FIRST = (
    "Mara",
    "Tobin",
    "Elsa",
    "Ravi",
    "Ngozi",
    "Pavel",
    "Ines",
    "Dora",
    "Kwame",
    "Lucia",
    "Owen",
    "Yuki",
    "Dr. Amal",
    "Dr. Petra",
    "Jonas",
    "Salma",
)
_LAST = (
    "Lindqvist",
    "Okonjo",
    "Varga",
    "Brandt",
    "Teller",
    "Moreau",
    "Castell",
    "Ibarra",
    "Novak",
    "Hale",
    "Pereda",
    "Stroud",
    "Abara",
    "Quinn",
)
_TICKERS = ("NASDAQ: VRLX", "OTC: QNTY", "TSXV: AUMR", "NYSE: HLDX", "CSE: PTRX", "ASX: LTMN")


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of headlines: templates of titles and of excerpts that go with any of them."""

    name: str
    titles: tuple[str, ...]
    excerpts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An invented item; *group* is its template, which stays in one fold."""

    title: str
    excerpt: str
    group: str
    label: bool


PROMOTION = (
    Kind("market report", (
        "{Field} Market to Reach ${bn} Billion by {later}, Growing at {pct} CAGR", "{Field} Revenue Forecast to Top ${bn} Billion by {later}", "Global {field} demand to expand at {pct} through {later}, study says",
        "{Field} Industry Outlook {year}-{later}: Drivers, Restraints and Key Players", "{Field}: ${bn} Billion Opportunity as Adoption Accelerates Worldwide", "North America to Dominate {Field} Sector Over the Forecast Period",
        "{Field} Size, Share and Trends Analysis by Region and End Use", "{Field} Spending Set to Hit ${bn} Billion, Driven by Rising Demand in {place}", "Rising Adoption of {Field} to Fuel Growth at {pct} a Year, Says New Report",
        "{Field} Segment Expected to Register Highest Growth Rate by {later}", "Comprehensive Study on {Field} Highlights Emerging Trends and Competitive Landscape", "What Is Driving the {Field} Boom? New Research Covers {year} to {later}",
        "{Field} Opportunities Worth ${bn} Billion Forecast by Analysts", "{Tech} Market Worth ${bn} Billion by {later}", "Global {Tech} Industry to Witness Significant Growth", "{Field} Poised for Robust Growth at a Steady Pace Through {later}", "{Field} Landscape {year}: Strategic Insights, Pipeline and Vendor Assessment",
        "{Thing} Sales Volume, Pricing and Manufacturers Profiled in Latest Report", "Exploring the Future of {Field}: Growth, Size and Forecast", "{company} Report: {Field} Valuation Could Triple by {later}",
    ), (
        "The report segments the industry by type, application and geography and profiles leading vendors.", "Increasing investments and technological advancements are expected to propel growth during the forecast period.",
        "The sector was valued at ${bn} billion in {year} and is anticipated to expand at {pct}.", "Request a sample copy for detailed insights on key players and regional analysis.", "Key companies profiled include {company}, {company} and {company}.",
    )),
    Kind("vanity award", (
        "{company} Named to Prestigious List of Top {n} {Firmkind}s", "{person} Recognized as a Leading {Trade} by Industry Review", "{person} Selected for Inclusion in Distinguished Professionals Registry",
        "{company} Earns Best of {city} Award for {n}th Consecutive Year", "{company} Honored With {year} Excellence Award for Innovation", "{Trade} {person} Inducted Into Hall of Excellence", "{company} Celebrated as One of the Most Admired {Firmkind}s of {year}",
        "{company} Ranks Among Fastest-Growing Companies in {place}", "{person} Featured in Magazine as Visionary Leader to Watch", "{company} Wins Gold at {year} Customer Choice Awards", "{company} Certified as a Great Workplace for Third Year Running",
        "{person} Awarded Lifetime Achievement Title by Council of Global Leaders", "{company} Shortlisted for {Field} Solution of the Year", "Top {Trade} in {city}: {person} Receives Five-Star Distinction", "{company} Makes the Elite {n} for {Field}",
        "{person}, Founder of {company}, Joins Exclusive Business Council", "{company} Recognised for Outstanding Client Satisfaction", "{company} Positioned as a Leader in {Field} Vendor Evaluation",
    ), (
        "The honor reflects a commitment to excellence, innovation and outstanding service.", "{person} was chosen for achievements, leadership and dedication to the community.", "We are thrilled and humbled by this recognition, said {person}, founder of {company}.",
        "Winners are selected by an independent panel based on client reviews and professional merit.", "This award is a testament to our talented team and loyal clients.",
    )),
    Kind("promotional list", (
        "{n} Best {Thing} to Buy in {year}, Ranked", "Best {Thing} of {year}: Our Top Pick Will Save You Hundreds", "Top-Rated {Thing} Everyone Is Buying This Season", "The Only Guide to {Thing} You Need Before Checking Out",
        "{company} Review: Are These {Thing} Worth the Hype?", "Why {company} Is the Smart Choice for {Thing}", "{n} Reasons Shoppers Are Switching to {company} {Thing}", "These {Thing} Are Now Up to 60% Off, but Not for Long",
        "Best {Firmkind}s in {city} According to Happy Clients", "{Thing} Deals: Grab {company} at Its Lowest Price", "How to Choose the Right {Thing} for Your Home, With Expert Tips From {company}", "{company} {Thing} Reviews {year}: Legit or Scam? Read Before You Order",
        "Top {n} Online Casinos With Fast Payouts and Big Bonuses", "Best No-Deposit Bonuses for {place} Players in {year}", "Upgrade Your Routine: {n} {Thing} Our Editors Swear By", "{n} Trusted {Firmkind}s Helping Families in {city} Save More", "Looking for {Thing}? Meet the Brand Changing the Game",
    ), (
        "Customers rave about the quality and the limited-time discount ends soon.", "We compared features, price and reviews to find the winner; {company} came out on top.", "Shop now while stocks last and use the code at checkout.", "Enjoy premium comfort, fast shipping and a risk-free money-back guarantee.",
        "New players can claim a welcome bonus in minutes.",
    )),
    Kind("token presale", (
        "{token} Presale Raises ${m} Million as Early Buyers Eye {x} Gains", "Could {token} Be the Next {coin}? Analysts See {x} Potential", "{coin} Holders Are Flocking to {token} Ahead of Its Exchange Debut", "{n} Altcoins to Accumulate Before the Next Bull Run",
        "Forget {coin}: {token} Offers Bigger Upside, Experts Say", "{token} Stage {n} Sells Out in Hours, Price Set to Jump", "Best Crypto to Buy Now: {token} Leads the Pack", "Whales Load Up on {token} as {coin} Consolidates",
        "{token} Brings Real Utility to {Field} With Upcoming Token Sale", "This Under-$1 Coin Could Turn $500 Into $50,000", "{coin} Price Prediction: Can It Match {token}'s Explosive Growth?", "{token} Opens Whitelist for Limited Token Offering", "Last Chance to Join {token} Before Listing Day",
        "New Meme Coin {token} Tipped to Outperform {coin} in {year}", "Why Smart Money Is Rotating From {coin} Into {token}", "Cloud Mining With {token}: Earn Daily Passive Income", "{token} Airdrop Goes Live: How to Claim Rewards",
    ), (
        "Early participants can still secure tokens at a discounted price before the next stage.", "With staking rewards and an audited contract, the project is gaining momentum.", "Analysts believe the token could deliver massive returns in the coming bull run.", "The presale has attracted thousands of investors worldwide.",
    )),
    Kind("stock promotion", (
        "{company} ({ticker}) Drills High-Grade {metal} at Flagship Project", "This Tiny {metal} Explorer Could Be the Next Big Winner", "{n} Undervalued {Field} Stocks Ready to Soar", "Why {company} Could Be a Hidden Gem for Investors in {year}", "{company} Positioned to Capitalize on Booming {Field} Demand",
        "{company} Stock Breakout Alert: Momentum Builds", "The {Field} Small Cap Wall Street Is Overlooking", "{company} Provides Corporate Update and Outlines {year} Catalysts", "{company} Closes Oversubscribed Private Placement", "{company} Signs Letter of Intent to Acquire {metal} Property",
        "{n} Dividend Stocks That Could Set You Up for Life", "{metal} Rush: The Junior Miner With Massive Upside", "Investors Take Notice as {company} Secures Breakthrough {Field} Patent", "Is {company} the Best {Field} Play Right Now?", "{company} Announces Results of Annual General Meeting", "{company} Shareholders Urged to Contact Law Firm Before Deadline",
        "Investigation Alert: {company} Investors With Losses May Have Claims", "{company} Declares Monthly Distribution",
    ), (
        "The company believes it is well positioned to unlock shareholder value.", "Savvy investors are paying attention to this fast-growing small cap.", "This article contains forward-looking statements about the company's plans.", "Assays returned grades well above expectations, management said.", "Shareholders who suffered losses are encouraged to contact the firm.",
    )),
    Kind("participation", (
        "{company} to Present at {event} in {month}", "{company} Announces Participation in {event}", "{company} to Exhibit Its {Field} Platform at {event}", "Meet {company} at {event}", "{person} of {company} to Deliver Keynote at {event}", "{company} Will Showcase New {Thing} at {event}",
        "{company} Invites Partners to {event}", "{company} Management to Host Investor Call on {month} 12", "{company} Joins {event} as Gold Sponsor", "{company} Hosts Successful {event} in {city}", "Register Today for {company} Webinar on {Field}", "{company} Returns to {event} With Expanded Presence",
        "{person} to Join Panel on {Field} at {event}", "{company} Schedules Third Quarter Conference Call", "{company} Concludes Participation at {event}",
    ), (
        "Attendees can visit the team at its stand to see a live demonstration.", "{person} will take part in one-on-one meetings with investors.", "A webcast of the presentation will be available on the company's website.", "The event brings together industry leaders, innovators and decision makers.",
    )),
    Kind("company announcement", (
        "{company} Launches Next-Generation {Field} Platform", "{company} and {company2} Partner to Transform {Field}", "{company} Appoints {person} as {role}", "{company} Expands Into {place} With New Office in {city}", "{company} Unveils AI-Powered {Field} Solution for Enterprises", "{company} Completes Acquisition of {company2}",
        "{company} Achieves ISO Certification for {Field}", "{company} Introduces Eco-Friendly Line of {Thing}", "{company} Strengthens Leadership Team With New {role}", "{company} Secures Series B to Accelerate {Field} Growth", "{company} Selected by {company2} to Deliver {Field}", "{company} Celebrates {n} Years of Serving {city}",
        "{company} Integrates With {company2} to Streamline {Field}", "{company} Reports Record Quarter and Raises Guidance", "{company} Surpasses One Million Customers", "{company} Rolls Out Version 4.0 of Its {Field} Suite", "{company} Collaborates With University to Advance {Field}", "{company} Opens State-of-the-Art Facility in {city}",
        "New {Field} App From {company} Empowers Small Businesses", "{company} Brings {Tech} to {Software}", "{company} Announces {Tech} Solution Powered by {company2}", "{company} Named {Tech} Leader by Analysts",
        "{company} and {company2} Collaborate to Accelerate {Tech} Adoption", "{company} Delivers {Tech} for the Modern Enterprise", "Transform Your Business With {Tech} and {Software}", "{company} Donates {Thing} to Local Families, Reaffirming Its Commitment", "Introducing {token}: A Smarter Way to Manage {Field}",
    ), (
        "{company}, a leading provider of {field}, today announced the launch.", "The collaboration will enable customers to accelerate their digital transformation.", "We are excited to bring this innovative solution to our clients, said {person}.", "For more information, visit the company's website.", "The move underscores the company's mission to empower businesses.",
    )),
    Kind("remedy promotion", (
        "{token} Reviews: Does This Natural Formula Really Help With {ill}?", "Doctors Are Surprised by This Simple Trick for {ill}", "{token} Drops: Ingredients, Benefits, Side Effects and Where to Buy", "Struggling With {ill}? {company} Has a Gentle Answer", "{token} Gummies: Official Website, Price and Discount", "How {person} Beat {ill} and Built a Wellness Brand",
        "{company} Clinic Offers Breakthrough Treatment for {ill} in {city}", "The Morning Ritual That Melts {ill} Away", "{token} Supplement Supports Healthy Aging, Users Report", "Say Goodbye to {ill} With {company}", "Holistic Relief for {ill} Now Available in {city}",
    ), (
        "Order from the official website to receive a special discount and free bottles.", "Thousands of satisfied customers report amazing results in weeks.", "The all-natural formula is made in a certified facility and backed by science.",
    )),
    Kind("personal brand", (
        "{person} Shares the Mindset Behind a Seven-Figure Business", "Meet {person}, the {Trade} Redefining {Field}", "From Humble Beginnings to Success: The Inspiring Journey of {person}", "{person} Releases New Book on Leadership and Purpose", "How {person} Is Helping Entrepreneurs Scale With {Field}", "{person}: A Trailblazer in {Field}",
        "{Trade} {person} Explains How to Build Generational Wealth", "Why Every Business Needs {Field} in {year}", "Unlocking Growth: How {Field} Is Transforming Modern Companies", "{n} Ways {Field} Can Boost Your Bottom Line", "Choosing the Right {Firmkind} in {city}: A Complete Guide", "{person} Launches Coaching Program for Ambitious Founders",
        "The Benefits of Outsourcing {Field} to Experts", "Artist {person} Drops Uplifting New Single on All Platforms", "Everything You Should Know Before Hiring a {Trade} in {city}", "{company} Founder {person} on Passion, Vision and Impact",
    ), (
        "With passion and perseverance, {person} has built a thriving brand that inspires others.", "In today's fast-paced world, businesses must leverage {field} to stay ahead.", "Whether you are a beginner or an expert, this guide will help you make the right choice.", "The book is available now at all major online retailers.",
    )),
)  # fmt: skip

HONEST = (
    Kind("market news", (
        "Sales of {thing} fall for third month as households cut back", "Shortage of {thing} pushes prices up {pct}", "{Thing} recalled after reports of fires", "Cheap imports of {thing} hurt makers in {place}", "Global demand for {field} slows as subsidies end", "Orders for {thing} drop after tariff ruling",
        "Forecast for {field} cut as big buyers delay", "Prices of {thing} to rise again, shops warn", "{Field} makers lose ground to rivals in {place}", "Spending on {field} will slow next year, economists say", "{metal} price slides as mines reopen", "Factory output of {thing} rises {pct} in {month}",
        "Why {thing} cost more than they did a year ago", "A fifth of {thing} fail safety test, consumer group finds", "Exports of {thing} hit lowest level in a decade", "Growth in {field} stalls, trade figures show", "Market for {thing} shrinks as older buyers stay away", "{Field} industry braces for price war",
    ), (
        "Shops blamed weak demand and high interest rates, official figures showed on Tuesday.", "Analysts had expected a smaller drop.", "Makers say they were caught out by the change in rules.", "The trade body said its members had sold {pct} fewer than a year earlier.",
    )),
    Kind("honest award", (
        "Novelist wins national prize for book about {city} flood", "Nurse who exposed shortages wins bravery award", "{city} library named building of the year after long fight over its cost", "Scientists share prize for work on {field}", "Award for {firmkind} withdrawn after complaints", "Firm behind award scheme sold prizes to anyone who paid",
        "Best chef title goes to {city} canteen cook", "{person} turns down honour over housing policy", "Museum of {city} shortlisted for European prize", "Jury splits over film award", "Business awards body accused of charging winners", "Youngest winner of {field} medal is 19", "University strips {person} of honorary title", "{city} ranked worst for late trains",
    ), (
        "The jury praised the book's quiet anger; the writer gave the money to a charity.", "The organisers said they had not checked the claims.", "Two judges resigned before the ceremony.", "She had been suspended for speaking to reporters.",
    )),
    Kind("consumer news", (
        "We tested {n} {thing}: most broke within a year", "Fake reviews of {thing} flood online shops", "{company} told to stop calling its {thing} green", "Shoppers refunded for faulty {thing}", "Watchdog warns over {thing} sold online", "Complaints about {thing} double in a year", "How sellers of {thing} dodge returns rules", "{company} fined over misleading discount claims",
        "Gambling firm must repay addict {m} million", "Casino licence refused after money laundering inquiry", "Supplement sold for {ill} contained no active ingredient", "Study finds no benefit of popular pill for {ill}", "Doctors warn of fake cures for {ill}", "Health officials seize unapproved {ill} remedy in {city}", "Which {thing} last longest? Repairers keep count", "Trial of drug for {ill} halted after side effects",
    ), (
        "The regulator said buyers had been misled about the price.", "The seller did not respond to requests for comment.", "Researchers followed 2,000 people for five years.", "A court ordered the operator to pay back the losses.",
    )),
    Kind("crypto news", (
        "{coin} falls below key level as rate hopes fade", "Regulator sues promoters of {token} token", "{coin} exchange halts withdrawals after hack", "Founder of failed coin {token} arrested in {city}", "Investors in {token} coin lost {m} million, court told", "Police freeze wallets tied to presale fraud", "Central bank warns savers over crypto schemes", "{coin} slips {pct} in week of heavy selling",
        "Crypto miner {company} cuts third of staff", "Lawmakers split over rules for digital tokens", "{coin} fund sees record outflows", "Hackers drain {m} million from token bridge", "Footballer sorry for promoting {token}", "Tax office goes after {coin} traders", "{coin} rises as fund approval nears",
    ), (
        "Traders pointed to a stronger dollar and weak demand.", "Prosecutors say buyers were promised returns that never came.", "The exchange said it was investigating.", "Victims include {crowd} who had put in their savings.",
    )),
    Kind("company news", (
        "{company} shares plunge after profit warning", "{company} to cut {n}00 jobs at {city} plant", "{company} profit halves as costs climb", "{company} chief quits after board row", "{company} names insider to replace ousted chief executive", "{company} buys rival {company2} for {m} million", "{company} raises {m} million as investors return to {field}",
        "{company} drops plan for {city} factory", "{company} delays launch of {field} service after outage", "Strike at {company} enters second week", "{company} sued by former staff over unpaid overtime", "{company} opens {city} office despite downturn", "{company} and {company2} end merger talks", "{company} in talks to sell {field} arm",
        "{company} posts surprise loss, blames weak {place} sales", "{company} beats forecasts as {thing} sell well", "{company} unveils cheaper {thing} as sales slow", "Regulators clear {company} takeover of {company2}", "{company} to close {n} shops", "{company} admits data of {m} million customers leaked", "{company} wins contract to run {city} buses", "Rating agency cuts {company} to junk", "Investors revolt over pay at {company}",
    ), (
        "The company blamed higher energy prices and weak orders from abroad.", "Shares fell {pct} in early trading.", "Unions said they had not been consulted.", "The deal still needs approval from the {body}.", "The firm, based in {city}, employs about 900 people.",
    )),
    Kind("conference news", (
        "Protesters interrupt {event} in {city}", "Ministers skip {event} as talks stall", "At {event}, makers of {thing} admit slow sales", "{person} tells {event} that rules on {field} came too late", "Leak overshadows {event}", "{event} cancelled after sponsor walks out", "Delegates at {event} clash over {field}", "What was left unsaid at {event}", "Visa delays keep African scientists from {event}", "Heat forces {event} indoors",
    ), (
        "Police removed about forty people from the hall.", "Few delegates expect a deal this week.", "Organisers declined to say how many tickets had been sold.",
    )),
    Kind("public affairs", (
        "{body} votes to limit {thing} on pavements", "{crowd} block road over {field} plan", "{body} delays decision on {city} bridge", "{body} backs tougher rules for {field}", "{crowd} win case against {company}", "Inquiry finds {body} ignored warnings", "{body} to review use of {field} by police", "Cost of {city} tram line climbs to {bn} billion",
        "{crowd} call for help after flood in {place}", "{city} mayor loses vote over budget", "New rules on {field} take effect in {month}", "Audit faults {body} over {m} million contract", "{crowd} in {city} wait longer for care, figures show", "How {field} came to {city}, and who pays for it", "Data show {crowd} hit hardest by price rises", "Two held after fire at {city} warehouse", "{place} summit ends without deal on {metal} mining",
    ), (
        "The {body} voted 7 to 4 after a long debate.", "Residents said they had been told nothing.", "A spokesman for the ministry said the matter was under review.", "The documents, seen by this paper, date from {year}.",
    )),
    Kind("analysis", (
        "Can {field} live up to its promises?", "The trouble with {field}", "Why investors are nervous about {field}", "{Field} was meant to save the industry. It has not", "What the {company} collapse says about {field}", "Behind the boom in {thing}, a long list of complaints", "Are {field} stocks a bubble?", "Five years on, {field} still divides {city}", "Who profits from {metal} in {place}?", "Scientists question claims about {field}",
        "The {trade} who sued her own profession", "Life as a {trade} in {city} after the closures", "How a {firmkind} in {city} fooled its clients", "The {trade}s who work for free", "Family of {person} seeks answers",
    ), (
        "Interviews with a dozen former employees tell another story.", "The evidence is thinner than the industry admits.", "Few of the promised jobs have come.",
    )),
    Kind("technology news", (
        "{tech} still fails on darker skin, test shows", "{tech} works better than doctors in small trial, study finds", "Why {tech} is harder than it looks", "{giant} buys stake in {tech} start-up", "{giant} drops {tech} project after staff protest", "How {giant} wants to win at {tech}",
        "{tech}: what the new model can and cannot do", "{giant} and {giant} race to build {tech}", "{giant} to use {tech} in hospitals", "Researchers teach {tech} to explain itself", "{tech} helps rangers count elephants", "{city} bans {tech} in public buildings", "Even the best {tech} makes mistakes, researchers find",
        "{giant} chief defends {tech} before lawmakers", "{tech} now describes photos for blind users", "Workers who train {tech} ask for better pay", "Is {tech} a threat to {trade}s?", "{giant} invests in maker of {tech}", "{giant} uses {tech} to save a coral reef", "Two {giant}s quietly enter the {tech} race", "{giant} shows cheaper {tech} chip as sales slow",
        "Copyright fight over {tech} goes to court", "{tech} could cut energy use of data centres, paper argues", "Startup behind {tech} raises {m} million", "{giant} unveils new {tech} for phones", "{giant} opens {tech} to outside developers", "Bug in {tech} exposed private chats", "Voters turn to {tech} for advice, poll finds", "{tech} priority list for vaccination draws doubts",
    ), (
        "The system was tested on 10,000 images by a university in {city}.", "The company, which has spent years on {tech}, did not say how much it paid.", "Critics say the technology is not ready.", "The paper has not been reviewed yet.", "The company said the feature would reach all users by {month}.",
    )),
    Kind("technical article", (
        "Considerations for performance in {software}", "How to handle errors in {software}", "Using {software} to track visits: a walkthrough", "Email settings in {software}, explained", "What changed in {software} this {month}", "Migrating from spreadsheets to {software}: notes from one year", "{software} tips: sorting, filters and keyboard shortcuts",
        "Known issues in {software} after the {month} update", "Sharing {software} apps with people outside your company", "A community call on {software}: questions and answers", "User group {city}: exception handling in {software}", "Writing custom connectors for {software}", "Custom images for {software}, step by step", "Search in {software} works differently now", "Learning resources for {software}",
        "Release notes: {software}", "Why our {software} build was slow, and how we fixed it", "Reviewing the effects of policy changes in {software}", "{software} or {software}? A comparison of limits", "Deprecated features in {software}",
    ), (
        "In this post we look at how delegation works and where it does not.", "Here is a list of the questions that came up, with answers.", "The update changes how tables are loaded; old queries keep working.", "This guide assumes that you have an environment with a database.",
    )),
)  # fmt: skip

_SLOT = re.compile(r"\{(\w+)\}")


def made_headlines(seed: int, per_template: int) -> Iterator[Made]:
    """Yield *per_template* items of every template, the same for the same *seed*."""
    chance = random.Random(seed)
    for label, kinds in ((True, PROMOTION), (False, HONEST)):
        for kind in kinds:
            for number, template in enumerate(kind.titles):
                for _ in range(per_template):
                    names = _names(chance)
                    title = _filled(template, names, chance)
                    excerpt = _filled(chance.choice(kind.excerpts), names, chance)
                    yield Made(
                        title[:1].upper() + title[1:], excerpt[:1].upper() + excerpt[1:], f"{kind.name} {number}", label
                    )


def _names(chance: random.Random) -> dict[str, str]:
    def company() -> str:
        return chance.choice(_HEADS) + chance.choice(_TAILS) + chance.choice(_ENDS)

    return {
        "company": company(),
        "company2": company(),
        "token": chance.choice(_HEADS) + chance.choice(_TAILS).title() + chance.choice(("", "", " Coin", "Fi", "Swap")),
        "person": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        "ticker": chance.choice(_TICKERS),
    }


def _filled(template: str, names: dict[str, str], chance: random.Random) -> str:
    def fill(match: re.Match[str]) -> str:
        slot = match.group(1)
        if slot in names:
            return names[slot]
        found = chance.choice(SLOTS[slot.lower()])
        return " ".join(word[:1].upper() + word[1:] for word in found.split()) if slot[:1].isupper() else found

    return _SLOT.sub(fill, template)
