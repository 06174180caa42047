/** Parts from which a document's own wording is put together; every combination is a sentence. */
/** Parted by semicolons and lines. */
const list = (text: string): string[] => text.trim().split(/\s*[;\n]\s*/)

/** Somebody did so to a thing. */
export const deeds = list(`
bought; sold; brought; repaired; painted; lost; found; ordered; returned; borrowed; cleaned; packed; dropped; hid
weighed; measured; wrapped; tested; drew; praised; moved; carried; opened; closed; lifted; checked; counted; sorted
washed; polished; rented; fetched; offered; picked; chose; collected; delivered; kept; showed; admired; forgot; traded
stored; marked; traced; turned; pushed; pulled; built; broke; fixed; shipped; refused; saved; wanted; sent back`)

/** An order to do so with a thing. */
export const orders = list(`
check; move; hold; paint; bring; fetch; count; sort; wash; open; close; lift; pack; wrap; weigh; measure; test; mark
hide; show; keep; store; trade; carry; clean; find; draw; choose; collect; save; turn; push; pull; fix; build; ship
inspect; fold; cover; label; replace; empty; fill; dry; warm; cool; cut; shake; tidy; order`)

export const openings = list(`
As agreed,; For the record:; News:; Please note:; By phone:; It seems that; As we hear,; Once more,; Just in:; Heard here:
From the book:; To be filed:; Line one:; Yesterday; This morning; In short:; So far,; Word has it that; On the quiet,
Late last night; First of all,; By letter:; Back then,; At last; Up to now:; Not long ago,; To all of us:; Seen today:`)

/** They say nothing by themselves; a house can make them mean something. */
export const manners = list(`
with great care; for a friend; in the yard; by mistake; before lunch; without a word; on foot; in the dark; with a smile
behind the house; for free; in a hurry; by hand; under the roof; after the rain; on the stairs; with both hands
for the second time; in good order; out of habit; by chance; at the corner; in two parts; with a sigh; from memory
against the wall; on the top floor; in old paper; with a song; over the weekend; under the table; at full price
in bad weather; by the window; for the boss; in plain sight; as a joke; on a whim; with red ink; in small steps`)

/** Where each gap can stand in a sentence. */
export const places: Readonly<Record<string, readonly string[]>> = {
  full: ['with {full}', 'for {full}', 'next to {full}', 'thanks to {full}', 'as {full} wished', 'together with {full}'],
  day: ['on {day}', 'until {day}', 'since {day}', 'before {day}', 'every {day}', 'as of {day}'],
  town: ['in {town}', 'near {town}', 'for {town}', 'outside {town}', 'on the road to {town}', 'back in {town}'],
  code: ['under {code}', 'as number {code}', 'marked {code}', 'from file {code}', 'with tag {code}', 'on page {code}'],
  price: ['for {price}', 'at {price}', 'worth {price}', 'against {price} in cash', 'at a price of {price}'],
  time: ['at {time}', 'before {time}', 'from {time} on', 'shortly after {time}', 'around {time}'],
  sum: ['for a sum of {sum}', 'out of {sum}', 'with {sum} on top', 'as part of {sum}', 'for {sum} in all'],
  date: ['on {date}', 'up to {date}', 'as it was on {date}', 'dated {date}'],
}

export const requestVerbs = list(`
Find; Give; Pick out; Copy; Name; Note; State; Return; Show; Print; Quote; Extract; Read off; List; Hand over; Spell out
Report; Tell me; Repeat; Point to; Look up; Single out; Bring up; Take down; Type; Say`)

export const requestNouns = list(`
what matters here; the key part; what we need; the usual; the main point; the entry; the field; the core of this line
the right part; what counts; the data; the facts; the gist; what the form wants; our part; the wanted bit; the result
what the desk needs; the essence; the bare facts; the item of interest; the short form; the line for the card`)

/** Of a letter: how it begins and what it promises. */
export const greetings = list('Dear; Hello; Hi; Good day; Welcome; Greetings; Good evening; Good morning; Hey; Ahoy')
export const requestsFor = list(`
tell; write to; call; ask; remind; greet; invite; thank; answer; contact; message; reach`)
export const tidings = list(`
is ready; is late; is sold out; has arrived; was found; got lost; needs a new part; is on its way; can be seen here
was paid; is reserved; is too heavy; fits well; has been changed; is cheaper now; waits at the door; is back in stock
was cleaned; is blocked; has been checked; looks fine; will be moved; stays with us; is half full; was given away`)
