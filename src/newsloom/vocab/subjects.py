"""Generic subject areas, each with everyday words of it: what a text may be about when it is not about a portal's topic.

A keyword out of place ("Mercury" in a story on rivers) is known by its company: the other words of the text belong to another
subject. The list is hand-written, general on purpose, and names no person, firm or event.
"""

from __future__ import annotations

_LINES = """
football: football soccer match goal striker midfielder goalkeeper penalty referee league cup derby club fans stadium transfer manager kick-off relegated
american football: quarterback touchdown linebacker field goal draft roster coach playoffs overtime yards receiver kickoff
baseball: baseball pitcher inning home run batter shortstop bullpen outfielder league strikeout
basketball: basketball dunk rebound point guard court playoffs three-pointer overtime jersey
ice and winter sports: hockey puck goalie skiing slalom skating snowboard biathlon bobsleigh curling
cricket and rugby: cricket wicket innings batsman bowler rugby scrum try fly-half test match
tennis and golf: tennis serve set match racket grand slam golf birdie putt fairway tee tournament seed
athletics and cycling: sprint marathon runner hurdles relay javelin cyclist stage peloton medal record race finish
boxing and martial arts: boxer heavyweight knockout bout judo wrestling karate ring champion title fight
water sports: swimmer freestyle rowing sailing regatta surfing diving pool lane
horse sports: horse jockey stable racecourse derby saddle thoroughbred hurdle polo
motor racing: racing driver grand prix circuit lap pole position pit podium rally team principal
chess and board games: chess grandmaster board game puzzle cards poker dice checkmate crossword
bowling darts and clubs: bowling pins strike darts snooker pool club members tournament frame league night
popular music: singer band album song single tour concert festival guitarist drummer rapper chart lyrics pop rock gig record
classical music: orchestra symphony conductor pianist violin cello opera choir composer soprano sonata concert hall
folk music and instruments: folk fiddle accordion banjo drone whistle tune singalong pub session
dance: ballet dancer choreographer waltz tango troupe steps stage
film: film movie cinema director actor actress screenplay sequel trailer premiere box office scene cast blockbuster screening
television: television series episode season drama sitcom comedy show host presenter broadcaster viewers soap finale pilot
radio and podcasts: radio station podcast presenter listeners airwaves phone-in broadcast
celebrity: celebrity star red carpet gossip fans wedding divorce pregnant paparazzi interview reality outfit
fashion and beauty: fashion dress designer catwalk runway model collection style shoes handbag jewellery perfume makeup hair
painting and sculpture: painting painter portrait sculpture gallery museum exhibition canvas artist installation collector
photography: photograph photographer portrait lens exhibition darkroom picture
architecture and design: architect building design tower facade bridge renovation landmark interior
literature: novel author poet poem poetry writer book bestseller chapter literary memoir diary publisher plot narrator
comics and children's books: comic cartoon superhero puppet fairy tale picture book illustrator character
theatre: theatre play stage playwright musical rehearsal audience costume monologue cast curtain
museums and heritage: museum curator heritage castle palace exhibit restoration visitors monument collection
language and words: word dictionary language grammar meaning spelling translation slang crossword phrase
food and cooking: recipe cook kitchen dish bake oven sauce flour butter cheese salad soup bread pie dessert flavour garlic chocolate cake
fruit and vegetables: fruit apple orange berry lemon vegetable potato tomato carrot onion orchard juice blackberry raspberry
meat and fish dishes: meat beef pork chicken steak sausage barbecue salmon seafood fried grill
restaurants: restaurant chef menu diner waiter cafe bistro tasting table reservation pizza
coffee tea and soft drinks: coffee espresso barista tea brew roast cup lemonade soda
beer wine and spirits: beer brewery ale wine vineyard grape whisky vodka cocktail pub bar tasting
home and cleaning: home kitchen cleaning laundry stain vinegar furniture sofa curtain pan household tips
do-it-yourself and crafts: tools paint wood hammer nail drill sewing knitting textile pottery craft hobby
gardening: garden gardener soil seeds roses lawn weeds compost pruning hedge bloom bulbs shed
farming: farm farmer crop wheat maize harvest field tractor cattle dairy livestock sheep grain fungus irrigation
orchards and forestry: orchard grower trees timber forest logging sawmill woodland pine bark
pets: dog cat pet puppy kitten owner leash vet breed rabbit hamster
wild mammals: bear wolf fox deer elephant lion tiger jaguar leopard monkey llama mammal cub prey habitat herd
reptiles and amphibians: snake python lizard crocodile turtle frog venom reptile scales
birds: bird nest eagle owl penguin swan feathers migration colony chicks flock
insects and worms: insect bee wasp ant beetle butterfly locust worm spider swarm hive larva bug mosquito
sea life and fishing: fish whale dolphin shark reef coral fisherman trawler net catch cod crab oyster
zoos and nature parks: zoo keeper enclosure safari sanctuary wildlife park reserve endangered
forests rivers and nature: forest rainforest river lake valley wetland jungle indigenous tribe conservation trees deforestation
mountains and hiking: mountain peak climber summit trail glacier ridge avalanche hike camp
weather: weather rain snow storm wind fog sunshine frost forecast temperature heatwave lightning thunder cloud
floods and hurricanes: flood hurricane typhoon tornado levee evacuated submerged rising water landfall damage
earthquakes and volcanoes: earthquake magnitude tremor volcano eruption ash lava tsunami landslide epicentre
wildfires: wildfire blaze firefighters smoke hectares burned evacuated flames
accidents and rescue: crash accident collision rescue injured ambulance survivors wreckage explosion leak collapse trapped
household accidents: carbon monoxide gas leak smoke alarm burn poisoning kitchen fire
murder and violence: murder stabbing shooting victim suspect detective homicide killer body attack
theft and fraud: theft robbery burglar stolen fraud scam swindle thief loot forged
drugs and gangs: drug dealer cocaine heroin cartel gang smuggling raid seizure trafficking
courts: court judge jury trial lawyer prosecutor verdict sentence appeal lawsuit ruling defendant acquitted
police: police officer patrol arrest constable investigation station custody witness
prisons: prison inmate jail cell parole guard
parliament and parties: parliament senate minister president cabinet coalition party lawmaker bill vote leader opposition reshuffle
elections: election candidate voter ballot poll campaign turnout constituency
local government: mayor council councillor town hall city planning residents ordinance borough zoning
public money and taxes: budget tax spending deficit treasury subsidy revenue levy
diplomacy: ambassador embassy treaty summit foreign minister sanctions talks envoy bilateral
war and armies: war troops soldiers army artillery tank rebels ceasefire offensive frontline missile shelling border wounded
weapons and navies: navy submarine warship frigate fighter jet missile warhead bomber radar fleet
espionage: spy intelligence agent secret classified leak surveillance agency mole defector
terrorism: terrorist bomb bombing militants hostage extremist suicide attack
refugees and migration: refugee migrant asylum border camp visa deportation citizenship
protest: protest demonstrators march rally activists banner riot occupation
religion: church bishop pope priest mosque imam temple rabbi monk prayer sermon pilgrimage saint parish
myth magic and astrology: horoscope zodiac stars astrology myth god goddess legend ghost witch prophecy
ancient history and archaeology: ancient Roman Greek archaeologist ruins tomb excavation coin pottery medieval dig
modern history: history anniversary century empire revolution historian archive memorial veterans
royalty: king queen prince princess royal throne crown coronation palace
obituaries and tributes: died aged funeral tribute obituary remembered mourned legacy widow
family life: mother father child baby marriage couple parents grandmother siblings family
schools: school pupil teacher classroom exam headteacher homework lessons
universities: university student professor campus degree scholarship lecture tuition
jobs and strikes: union strike workers wages pay walkout layoffs hiring employees picket
careers and advice: career interview salary boss coaching leadership motivation success tips
hospitals and surgery: hospital surgeon doctor nurse patient ward operation emergency clinic ambulance
infectious disease: virus flu measles vaccine infection outbreak epidemic fever bacteria norovirus contagious parasite
cancer and chronic disease: cancer tumour diabetes heart stroke liver kidney arthritis diagnosis symptoms therapy
pregnancy and birth: pregnancy birth baby midwife foetus infant fertility
diet and fitness: diet weight vitamin nutrition exercise gym calories yoga supplement healthy
mental health: anxiety depression therapy stress burnout emotional wellbeing counsellor mindfulness feelings
eyes and hearing: eye vision eyesight optician glasses cataract blindness hearing ear headache
dentistry and skin: tooth dentist gum skin dermatologist rash acne
medicines: drug pill dose prescription pharmacist clinical trial side effects antibiotic painkiller
biology and genetics: gene cell DNA protein species evolution organism genome biologist microbe
chemistry and materials: chemical compound element mercury acid polymer toxic laboratory molecule fibre corrosion metal
physics: physics particle atom collider gravity quantum laser energy theory physicist
mathematics: mathematics theorem equation proof geometry number statistics algebra
astronomy: telescope star galaxy planet comet asteroid eclipse astronomer orbit moon
spaceflight: rocket spacecraft astronaut launch satellite orbit lander rover space station capsule
environment and pollution: pollution plastic waste recycling sewage toxic river clean-up smog litter
climate and carbon: climate warming emissions carbon greenhouse fossil net zero
electricity and grids: electricity power grid substation blackout utility voltage cable pylon
oil and gas: oil gas pipeline refinery drilling barrel crude petrol rig
wind solar and nuclear: wind turbine solar panel reactor nuclear plant hydroelectric battery renewable
coal and mining: coal mine miner gold copper lithium quarry ore shaft
steel and factories: steel factory plant machinery assembly furnace workers manufacturing foundry
cars: car motorist sedan hatchback engine dealer vehicle garage mileage vintage driver electric
road traffic: road traffic motorway highway congestion speeding pothole parking lorry bus bridge
railways: train railway locomotive steam station passengers track carriage timetable tram signal
aviation: airline flight airport plane pilot passengers runway cabin delayed jet
ships and ports: ship ferry port cargo cruise harbour captain crew aground container vessel
cycling and walking: bicycle bike lane helmet pedestrian path footpath
tourism: tourist holiday hotel beach resort travel destination sightseeing guide island tour
property and housing: house rent mortgage landlord tenant flat property homes developer apartment
construction: construction builder concrete crane scaffold site demolition contractor roof
banking and rates: bank interest rate loan inflation central bank mortgage savings lender deposit
stock markets: shares stock index investors profit earnings dividend trading rally
mergers and firms: company merger takeover acquisition chief executive shareholders deal stake board
market reports: market size worth billion forecast CAGR report research segmentation key players growth trends industry analysis
token sales: presale token investors bonus listing analysts community coin price prediction
awards and vanity: award winner named best top honoured prestigious ceremony gala list ranking
shops and sales: shop store supermarket customers discount sale price brand retailer mall bargain
products and recalls: product recall faulty refund packaging manufacturer consumer warning toy
advertising and newspapers: advert campaign newspaper editor journalist magazine press publisher column opinion
insurance and pensions: insurance pension premium claim retirement policyholder annuity
charity and appeals: charity donation fundraising appeal volunteers sponsored raffle foundation
computers and software: computer software app developer code programming operating system bug update file server
internet and social media: internet website online users platform social network post video followers viral
phones and gadgets: smartphone phone tablet gadget screen battery camera headphones watch device
computer security: hacker malware password breach ransomware encryption phishing cyberattack
artificial intelligence: artificial intelligence algorithm machine learning neural network chatbot model training
chips and electronics: chip semiconductor processor wafer circuit electronics transistor sensor
robots and automation: robot automation humanoid drone factory arm autonomous
radio technology: radio frequency antenna signal transmitter wireless spectrum broadcast
video games: video game gamer console studio level multiplayer esports
telecoms: broadband fibre network mobile operator mast cable internet provider
data and statistics: survey statistics census figures percentage poll sample
anniversaries and festivals: festival parade carnival fireworks celebration anniversary fair crowd
village and neighbours: village neighbours community hall fete local club volunteers parish
humour and oddities: bizarre funny joke prank odd strange unusual escapes stuck viral animal
"""

SUBJECTS: tuple[tuple[str, str], ...] = tuple(
    (name.strip(), words.strip()) for name, _, words in (line.partition(":") for line in _LINES.strip().splitlines())
)
"""Pairs of (subject, its words parted by blanks)."""
