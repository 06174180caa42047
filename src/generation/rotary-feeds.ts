/** The rotary tables as graph inputs, made for as many positions as were needed so far. */
import type { ModelConfig } from '../model/config.ts'
import { rotaryTables } from '../model/decoder-rope.ts'
import type { Feed } from '../onnx/session.ts'

export type RotaryFeeds = (positions: number) => { readonly cosine: Feed; readonly sine: Feed }

const step = 1024

export function createRotaryFeeds(config: ModelConfig): RotaryFeeds {
  let [made, feeds]: [number, ReturnType<RotaryFeeds> | undefined] = [0, undefined]
  return (positions) => {
    if (feeds === undefined || positions > made) {
      made = Math.ceil(positions / step) * step
      const { shape, cosine, sine } = rotaryTables(config, made)
      const feed = (data: Float32Array): Feed => ({ type: 'float32', shape, data })
      feeds = { cosine: feed(cosine), sine: feed(sine) }
    }
    return feeds
  }
}
