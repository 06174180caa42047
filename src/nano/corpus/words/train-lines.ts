/** Lines before a list, where somebody does not use the program's own. */
export const trainLines: readonly string[] = [
  'These are tasks from our office.',
  'A list of things that we were asked.',
  'Requests of this week, all different.',
  'Continue the list.',
  'Here are some questions and what we said.',
  'Read the examples and go on in the same way.',
  'Our desk gets tasks like these. Add one that is new.',
  'Examples of good answers.',
  'Below are short tasks with their solutions.',
  'Each item is a new request.',
  'Work through the following items.',
  'What people ask us, and what we reply:',
]
