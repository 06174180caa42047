/**
 * Trades, people and phrases of the private data of example peers. Each has a word that no training document has; common
 * words that stand in a phrase, such as `before` or `step`, other texts have as well (tests/unit/nano/corpus/held-out.test.ts).
 */
import { itemsOf, type Trade, trade } from './trade.ts'

export const heldOutTrades: readonly Trade[] = [
  trade('clinic', 'patient', {
    doctors: 'blood test, X-ray, vaccination, allergy test',
    nurses: 'bandage, wound, injection, fever',
    reception: 'sick leave, prescription, referral, health check',
    therapy: 'massage, back pain, physiotherapy, insole',
  }),
  trade('bank', 'client', {
    plastic: 'credit card, debit card, cash limit, cardholder',
    loans: 'mortgage, loan, overdraft, instalment',
    savings: 'savings account, deposit, bond, pension plan',
    transfers: 'wire transfer, standing order, direct debit, cheque',
  }),
  trade('law office', 'claimant', {
    family: 'divorce, custody, alimony, adoption',
    tenancy: 'lease, eviction, sublease, rent cut',
    labour: 'dismissal, severance, strike ban, overtime',
    estates: 'testament, probate, inheritance, legacy',
  }),
  trade('school', 'pupil', {
    maths: 'fraction, equation, percentage, triangle',
    languages: 'essay, spelling, grammar, vocabulary',
    sciences: 'experiment, microscope, magnet, volcano',
    secretary: 'timetable, transcript, absence, class outing',
  }),
]

export const heldOutFirstNames =
  `Agnes Bruno Cecil Doris Edgar Flora Gustav Hilda Igor Jasper Klara Linus Martha Nestor Orla Piet Quentin Rhea Silas
Thea Ulric Vera Wilma Yorick`.split(/\s/)

export const heldOutLastNames =
  `Amsel Brandt Corvin Delgado Eklund Ferrer Gallo Holm Ibsen Jansen Kovac Lindt Moreau Nilsen Okafor Petrov Quiroga
Rossi Soler Tanaka Ulmer Vidal Weiss Zeller`.split(/\s/)

/** All four trades mean the same by them: what one has learned helps the others. */
export const heldOutPaces: Readonly<Record<string, readonly string[]>> = {
  swift: ['without delay', 'before nightfall', 'by express', 'instantly'],
  steady: ['in due course', 'within a fortnight', 'step by step', 'at the usual pace'],
  slow: ['at leisure', 'whenever it suits', 'sooner or later', 'after the vacation'],
}

/** All of their words, the common ones too, in lower case. */
export const heldOutWords: ReadonlySet<string> = new Set(
  [
    ...heldOutTrades.flatMap((trade) => [trade.id, trade.role, ...trade.teams.keys(), ...itemsOf(trade)]),
    ...heldOutFirstNames,
    ...heldOutLastNames,
    ...Object.entries(heldOutPaces).flatMap(([pace, phrases]) => [pace, ...phrases]),
  ].flatMap((text) => text.toLowerCase().split(/[ -]/)),
)
