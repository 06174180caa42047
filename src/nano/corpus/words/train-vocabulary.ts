/**
 * Common English words, in no order that matters: what patterns of wide lessons are made of. A sentence of words that a
 * model has met in a hundred places, next to others each time, can only be said again by looking at it.
 */
export const vocabulary: readonly string[] = `
able about above absent accept access across action actual adapt address adjust advice afraid again agent agree ahead
aim alarm album alike alive allow almost alone along already alter always ample anchor angle animal annual answer
appear apply arch area argue arm around arrange arrive arrow article artist ask aspect assist assume attach attend
attract author autumn average avoid award aware awful baby balance ball band barely barn barrel base basic basket
bath beach bear beat beauty become begin behave behind believe bell belong below bench bend benefit beside best better
beyond big bill bind bird birth bitter blade blame blank blend blind block blossom board boat body boil bold bone border
borrow both bottle bottom bounce bound bow bowl branch brave break breath breeze brick bridge brief bright broad brother
brush bubble bucket budget bundle burn bus bush busy button cabin cable calm camera camp candle canyon capital captain
care careful cargo carriage case castle catch cause caution cave ceiling centre certain chain chair challenge chance
change channel chapter character charge charm chart chase cheap cheer chest chief child chimney choice choir circle city
civil claim clay clear clever cliff climb clock cloth cloud club coach coal coast coat cold colour column combine
comfort command comment common company complete concert condition connect consider constant contain content contest
context continue control cook copper corner correct cotton couch could council country couple courage court
cousin cover craft crane cream create creature creek crew crop crowd crown cruel cry culture curious current curve
custom cycle daily damage dance danger dare dark date dawn deal dear debate decade decide deck declare deep deer defend
degree delicate delight demand dentist depend depth describe desert design desire detail develop device diamond
differ dig dinner dirt discover discuss disease dish distance divide doctrine dog double doubt down dozen draft
dragon drama dream dress drift drill drink drive drop drum duck dust duty eager eagle early earn earth ease east easy
echo edge educate effect effort egg either elder elect element elsewhere empire employ enable enemy energy engage enjoy
enormous enough entire envelope equal error escape establish even evening event ever evidence exact example except
exchange excite excuse exercise exist exit expand expert explain explore extend extra fabric face fact factory
faint fair faith fall false fame familiar famous fancy far farm fashion fast fate father fault favourite fear feast
feather feature feed feel fellow fence festival few fibre field fierce figure film final finger finish fire firm fish
fist fit flag flame flash flat flavour flight float flock flood floor flour flow flower fluid fly foam focus fog fold
folk follow food foot force forest forget fork form formal forth fortune forward foundation fountain fox frame free
freeze frequent fresh friend front frost fruit fuel function fund funny future gain gallery game gap garden gas
gather gaze general gentle genuine giant gift give glad glance glass glide globe glory glove goal goat golden good
govern grace grade grain grand grass grateful grave gravel great greet grip ground group grow guard guess guide guitar
habit half hall hammer hand handle happen happy harbour hard harm harvest haste hat hay hazard head hear heart
heat heavy height hello help herb here hero hidden high hill hint history hobby hold hole holiday hollow holy home
honest honey honour hook hope horizon horse host hot hotel hour house huge human humble hundred hunt hurry husband ice
idea ideal idle ill image imagine impact import impress improve inch include income increase indeed industry
initial inner input insect inside instance instant instead insult intend interest invent invite iron island issue ivory
jacket jam jar jaw jewel join joint joke journey joy judge juice jump jungle junior just keen kettle key kick kind king
kiss kitchen kite knee knife knock knot know ladder lady lake lamb lamp land lane language large laser last late
laugh launch layer lazy lead leaf lean learn leather left leg legend lemon length lesson letter level lever
library lid life light linen link lion liquid listen literal little live load local lock log logic lonely long
loose lord loss loud love low loyal luck lunch machine magic main major make manage manner many map march margin market
marry mass master match material maybe meadow meal mean measure meat medal medium meet melt member memory mention menu
merchant mercy merit metal method middle might mild mile mill mind mine minor minute miracle mirror miss mist
mix mobile model modern modest moment money monkey mood moon moral more motion motor mount mouse mouth move much mud
multiply muscle museum music must mutual myself mystery nail narrow nation native nature near neat neck need needle
neighbour nerve nest net neutral never new news next nice night noble noise none noon normal nose note nothing notion
novel nowhere number nurse oak obey object observe obtain obvious occasion occur ocean odd offer often oil old
olive once onion only open opinion oppose option orange orbit orchard ordinary organ origin other ought outer outline
output oven owe own owner oxygen page pair palace pale palm pan panel paper parade pardon parent park part
partner party pass past paste path patience pattern pause peace peak pearl pebble pen pencil people pepper perfect
perform perhaps period permit person phase phrase piano picture piece pile pilot pine pioneer pipe pitch place plain
planet plant plate play pleasant please plenty plot plunge pocket poem poet point poison polite pond pool poor
popular porch port pose possible post potato pour powder power praise pray prefer prepare present preserve press pretty
prevent previous pride prince print prior private prize problem process produce product profit progress project promise
proof proper protect proud prove public pull pulse pump pure purple purpose purse puzzle quality quarter queen
question quick quiet quite quote rabbit race radio rail rain raise range rapid rare rate rather raw reach react real
realise rear reason recall recent recipe recover reduce refer reflect reform region regular reject relate relax release
rely remain remark remember remote remove repeat replace report rescue research reserve resist resource respect rest
result retire return reveal revenge review reward rhythm ribbon rice rich ride right ring ripe rise rival river road
roast robot rock role roof room root rope rose rough round royal rubber rude ruin rule rumour run rural rush rust
sacred sad saddle safe sail salad salt same sand satisfy sauce scale scatter scene science scope score scout
scratch screen screw sea search season seat second secret seed seek seem select self senior sense sentence separate
serious serve several shade shadow shallow shame shape share sharp sheep shelf shelter shine ship shirt shock shoe shoot
shop shore short shoulder shout shovel shower shy side sight sign signal silence silk silver similar simple since sing
single sink sister site situation size skill skin skirt sky sleep slice slide slight slope smart smell smile smoke
smooth snake snow soap social sock soft soil soldier solid solve song soon sorrow sorry sort soul sound source south
space spare spark speak special speech speed spend spice spider spin spirit split spoil spoon sport spot spread spring
square stable staff stage stair stamp stand standard star start state station stay steal steam steel steep stem
stick stiff still stir stock stomach stone storm story stove straight strange stranger straw stream street strength
stretch string strong structure struggle student study stuff subject succeed such sudden sugar suggest suit summer sun
supper supply support suppose sure surface surprise surround survey swallow swan sweet swim swing switch symbol system
tail talent talk tall tank tape target task taste tax tea teach team tear tell temper temple ten tend tent term
text theatre theme theory thick thin thing think third thorough though thousand thread threat throat throne through
throw thumb thunder thus ticket tide tie tiger tight till timber tin tiny tip tired title together tomorrow tone tongue
tool top torch total touch tough tour toward tower town track tradition traffic trail train travel treasure tree tribe
trick trip triumph trouble trousers true trumpet trust truth try tube tune tunnel twice twin twist type typical ugly
uncle understand union unique unit universe until upon upper upset urban valley value various vast vein
velvet verse very vessel victory view village violet violin virtue vision visit vivid voice volume vote voyage wagon
wait walk wall wander warm wash waste watch water wave wax way weak wealth weapon weather weave week welcome well
west wheat wheel whisper whistle white whole wide wife wild will win wind window wine wing winter wisdom wise wish
witness wolf wonder wood wool word work world worry wrap wreck wrist write wrong yard year yellow yesterday yield
young youth zero zone`
  .trim()
  .split(/\s+/)

/** Endings that make more words of these, so that words fall into the pieces that English words have in common. */
export const endings = 'ed ing er ly ness ment ful less able ion ive ance ity ous al ish ship hood'.split(' ')
export const beginnings = 'un re pre over out mis inter'.split(' ')
