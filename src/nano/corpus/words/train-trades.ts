/** Trades of the training documents. None of their words is a word of a held-out trade. */
import { type Trade, trade } from './trade.ts'

export const trainTrades: readonly Trade[] = [
  trade('bakery', 'customer', {
    bread: 'roll, bagel, baguette, pretzel, rye bun, flatbread',
    cakes: 'cake, muffin, pie, waffle, cupcake, cookie',
    drinks: 'coffee, cocoa, lemonade, milkshake, cider, smoothie',
    catering: 'buffet, platter, picnic box, snack tray, wedding cake, sandwich',
  }),
  trade('garage', 'driver', {
    engine: 'engine, gearbox, clutch, fan belt, radiator, exhaust',
    wheels: 'tyre, wheel, brake, axle, rim, hubcap',
    body: 'door, bumper, mirror, windscreen, bonnet, fender',
    electrics: 'battery, headlight, horn, fuse, wiper, indicator',
  }),
  trade('hotel', 'guest', {
    rooms: 'single room, double room, suite, balcony, cot, sofa bed',
    kitchen: 'breakfast, omelette, dinner, soup, fruit bowl, dessert',
    cleaning: 'towel, pillow, blanket, sheet, carpet, curtain',
    porter: 'suitcase, trunk, backpack, taxi, umbrella, room key',
  }),
  trade('library', 'reader', {
    fiction: 'novel, thriller, fairy tale, poem, comic, saga',
    science: 'atlas, star chart, bird guide, cookbook, dictionary, manual',
    media: 'film, audiobook, record, board game, puzzle, headset',
    building: 'desk lamp, armchair, locker, printer, bookshelf, reading room',
  }),
  trade('airport', 'passenger', {
    tickets: 'ticket, boarding pass, upgrade, window seat, aisle seat, voucher',
    luggage: 'bag, stroller, ski bag, crate, guitar case, handbag',
    gate: 'gate, shuttle, walkway, wheelchair, escalator, lounge',
    customs: 'passport, visa, perfume, parcel, sword, drone',
  }),
  trade('museum', 'visitor', {
    paintings: 'portrait, landscape, sketch, fresco, canvas, mural',
    antiques: 'vase, coin, helmet, statue, mask, urn',
    nature: 'fossil, skeleton, crystal, meteor, shell, butterfly',
    tours: 'night tour, audio guide, floor plan, workshop, headphone, entry badge',
  }),
  trade('repair shop', 'tenant', {
    bathroom: 'shower, bathtub, basin, toilet, tap, bath mat',
    heating: 'boiler, heater, thermostat, chimney, stove, oil tank',
    pipes: 'pipe, valve, drain, gutter, hose, siphon',
    garden: 'pump, sprinkler, fountain, rain barrel, well, garden tap',
  }),
  trade('pharmacy', 'buyer', {
    skin: 'sun cream, soap, lip balm, lotion, shampoo, hand cream',
    teeth: 'toothbrush, mouthwash, floss, toothpick, tooth paste, tongue brush',
    baby: 'diaper, bottle, pacifier, bib, rattle, baby wipe',
    herbs: 'mint tea, cough drop, ginger root, sage leaf, honey jar, lavender oil',
  }),
  trade('theatre', 'spectator', {
    stage: 'spotlight, backdrop, trapdoor, stage curtain, ladder, smoke machine',
    costumes: 'wig, gown, crown, cape, boot, glove',
    music: 'violin, drum, flute, trumpet, cello, piano',
    foyer: 'programme, coat check, balcony seat, box seat, poster, ice cream',
  }),
  trade('farm', 'buyer', {
    animals: 'cow, goat, hen, duck, pig, donkey',
    fields: 'potato sack, carrot, pumpkin, onion, turnip, beet',
    orchard: 'apple, pear, plum, walnut, quince, apricot',
    machines: 'tractor, plough, trailer, harvester, milk machine, hay fork',
  }),
  trade('florist', 'customer', {
    flowers: 'rose, tulip, lily, orchid, dahlia, sunflower',
    pots: 'flower pot, cactus, fern, bonsai, ivy, palm',
    weddings: 'bouquet, garland, table wreath, petal basket, corsage, ribbon',
    tools: 'rake, spade, watering can, shears, trowel, seed bag',
  }),
  trade('restaurant', 'guest', {
    grill: 'steak, burger, sausage, kebab, lamb chop, trout',
    salads: 'salad, olive, cucumber, tomato, avocado, radish',
    sweets: 'pudding, sorbet, brownie, tart, pancake, sundae',
    tables: 'corner table, terrace, high chair, candle, napkin, menu',
  }),
  trade('post office', 'sender', {
    letters: 'letter, postcard, envelope, stamp, telegram, greeting card',
    parcels: 'box, packet, carton, tube, sample bag, gift box',
    counter: 'receipt, string, label, pen, scale, tape',
    transport: 'van, bicycle, mail bag, cart, truck, mailbox',
  }),
  trade('toy shop', 'parent', {
    dolls: 'doll, teddy bear, puppet, doll house, tea set, plush rabbit',
    vehicles: 'toy train, race car, fire engine, rocket, scooter, sailboat',
    games: 'card game, dice cup, chess set, domino, yo-yo, marble',
    outdoor: 'kite, ball, swing, slide, bucket, skipping rope',
  }),
  trade('gym', 'member', {
    strength: 'dumbbell, barbell, kettlebell, bench, pull-up bar, leg press',
    courses: 'yoga hour, dance hour, boxing hour, stretch hour, spin hour, swim hour',
    pool: 'pool, sauna, whirlpool, diving board, swim cap, pool noodle',
    front: 'entry chip, water bottle, parking spot, hair dryer, protein bar, trial day',
  }),
  trade('zoo', 'visitor', {
    cats: 'lion, tiger, leopard, lynx, panther, cheetah',
    birds: 'parrot, owl, penguin, eagle, stork, flamingo',
    water: 'seal, otter, dolphin, shark, turtle, crab',
    apes: 'gorilla, gibbon, baboon, lemur, chimp, macaque',
  }),
]
