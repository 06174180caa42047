/** The `fedpit.yaml` that `fedpit init` writes: every choice with what it means, set to what holds if it is left out. */
import { promptTexts } from '../fedpit/prompts.ts'

export interface TemplateValues {
  readonly name: string
  readonly data: string
  readonly join: readonly string[]
}

export function peerFileTemplate({ name, data, join }: TemplateValues): string {
  return `# A peer of a fedpit federation. Paths are relative to this file.

# Shown to the other peers; better another one for each, as some random streams are drawn from it.
name: ${JSON.stringify(name)}
# Your private examples, JSON lines or JSON: instruction, input (optional), response. They never leave this machine.
data: ${JSON.stringify(data)}
# The first round begins when so many peers are there, this one counted, or after deadlines.join with those that are.
peers: 2
# Addresses to listen on; port 0 is any free port, at the next start the same again.
listen: [/ip4/0.0.0.0/tcp/0]
# Where others reach it, if not at the addresses of this machine (behind a router, in a cloud), as /ip4/203.0.113.7/tcp/4001.
announce: []
# Addresses of peers to join through, as "fedpit peer" prints them. One is enough; empty for the first peer.
join: ${JSON.stringify(join)}
# Set it where more than ten peers share one address (one machine, one NAT): they look like one attacker otherwise.
manyPeersPerAddress: false
# Members only: their peer ids, as "fedpit init" prints them, at every peer alike; and a file with a secret that all of them
# hold, 32 bytes or 64 hex digits (openssl rand -hex 32 > secret.hex).
# allow: []
# preSharedKey: secret.hex

# A model that "fedpit models" knows, a Hugging Face directory or a GGUF file: the same at every peer.
model: smollm2-135m-instruct
engine:
  device: auto        # auto, cpu, cuda, webgpu, coreml, dml
  decode: f32         # int8 generates faster, f32 exactly
  threads: 0          # 0: all processors

# From here on all peers of a federation must agree: who differs is refused, and told what differs.
federation: default
seed: fedpit          # public: frozen LoRA factors follow from it
rounds: 3
mode: isolated        # a global adapter from synthetic data alone is shared, a local one stays
topology: base-4      # a name listed by: fedpit topology --help, or ./FILE with a graph
lora: { rank: 8, alpha: 16, targets: [q, v], rslora: false }   # rslora: the scale is alpha / sqrt(rank)
mixing:
  factors: ffa        # of the shared adapter: ffa (B alone), alternate (B and A by turns), both, svd (any rank)
  outer: none         # what a round makes of the averaged update: none, nesterov (momentum; three times the bytes)
  codec: fixed        # how states travel: fixed (nothing lost), bf16, int8, top-k
  robust: none        # against bad updates: none, clip (keeps the mean), trimmed-mean or median (up to 16 peers)
  timing: rounds      # asynchronous: nobody waits, partners are drawn (topology: random-matching), rounds are updates a peer
  # staleness: { weight: polynomial, bound: 8, floor: 0.1 }   # with asynchronous; weight also hinge, constant

# Better the same at all peers, and part of the line that joins you, but nobody is refused for it.
fedpit: # how synthetic examples are made and chosen, and how the adapters are trained
  candidates: 32              # examples that are generated in a round
  keep: 16                    # of them, to train on
  generator: global           # what writes them: the model with the global adapter; base: without it
  demonstrations: 8           # of your examples, in a prompt
  demonstrationChoice: random # alike: one at random and those most like it, for tasks of several sorts
  demonstrationTokens: 1024   # at most, of a prompt's demonstrations together
  attempts: 3                 # tries at a response before its instruction is dropped
  mostSimilar: 0.7            # ROUGE-L above this is a copy
  triesPerCandidate: 4        # instructions tried for each that is wanted
  instructionTokens: 64
  responseTokens: 128
  temperature: 0.8
  topP: 0.95
  selection: ifs              # by instruction-following score; none keeps the first ones
  training:
    epochs: 3
    batchSize: 8
    accumulate: 1             # batches an update
    maxTokens: 512            # longer examples lose the beginning of their prompt
    learningRate: 0.002
    warmupSteps: 0
    schedule: constant        # of the learning rate in a round; cosine
    weightDecay: 0
    clipNorm: 1
    dropout: 0
  localTraining: {}           # epochs and learningRate of the local adapter, where they are others
  prompts:
    instructions: ${JSON.stringify(promptTexts.instructions)}
    responses: ${JSON.stringify(promptTexts.responses)}
evaluation: { heldOut: 0.2, maxNewTokens: 128 }
# Seconds that a dead peer can cost: until there are enough peers (join), all have trained (ready), a session is over (average), a
# state or topology is fetched (pull), a round is over that this peer came too late for (round), all others are done (leave).
deadlines: { join: 600, ready: 1800, average: 120, pull: 120, round: 3600, leave: 1800 }

# Yours alone again.
# rank: 4             # of your adapters, at most lora.rank; with mixing.factors svd
`
}
