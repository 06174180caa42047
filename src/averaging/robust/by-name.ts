/** What a peer does about members that send bad updates in good form. */
export const robustNames = ['none', 'clip', 'trimmed-mean', 'median'] as const
export type RobustName = (typeof robustNames)[number]

/** Everybody's update is pulled and combined at once, in place of exchanges. Does not keep the mean. */
export type GatheringRule = Extract<RobustName, 'trimmed-mean' | 'median'>

export const gathers = (rule: RobustName): rule is GatheringRule => rule === 'trimmed-mean' || rule === 'median'

/** The examples that a peer says it has are a lever for a liar: under a robust rule all members count alike. */
export const countsAlike = (rule: RobustName): boolean => rule !== 'none'
