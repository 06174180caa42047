/** How many tokens all prompts begin with, leaving each at least one of its own: the first logits come from it. */
export function commonPrefix(prompts: readonly (readonly number[])[]): number {
  const [first = []] = prompts
  const limit = Math.min(...prompts.map((prompt) => prompt.length)) - 1
  let length = 0
  while (length < limit && prompts.every((prompt) => prompt[length] === first[length])) length++
  return length
}
