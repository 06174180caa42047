// Who may import whom (README, "The tree"). dependency-cruiser reads this file; `npm run layers` runs it.
// In one sentence: tensors know no wire bytes, bytes know no tensors, only peers knows both, only the shells know
// peers, and nothing of all these imports scripts or tests, which share what they need with each other.

/** Engine layers, lowest first: a layer imports itself and what stands before it. */
const order = [
  'core',
  'files',
  'linear-algebra',
  'onnx',
  'autodiff',
  'model',
  'tokenizer',
  'lora',
  'data',
  'training',
  'generation',
  'engine',
  'fedpit',
  'averaging',
  'evaluation',
]
const shells = ['cli', 'lab']
const any = (names) => `(${names.join('|')})`

const rule = (name, from, to) => ({ name, severity: 'error', from, to })

module.exports = {
  forbidden: [
    rule('no-circular', {}, { circular: true }),
    rule('no-unresolvable', {}, { couldNotResolve: true }),
    rule(
      'engine-knows-no-network',
      { path: '^src/', pathNot: `^src/${any(shells)}/` },
      { path: '^(peers|protocols)/|node_modules/(libp2p|@libp2p|@chainsafe|it-pipe)/' },
    ),
    rule('engine-knows-no-shell', { path: `^src/${any(order)}/` }, { path: `^src/${any(shells)}/` }),
    ...order.map((layer, i) =>
      rule(
        `engine-order:${layer}`,
        { path: `^src/${layer}/` },
        { path: `^src/${any(order.slice(i + 1).concat('none'))}/` },
      ),
    ),
    // Its corpus has the shapes of the prompts.
    rule(
      'nano-is-a-model-only',
      { path: '^src/nano/' },
      { path: '^src/(?!(core|data|tokenizer|model|lora|nano)/|fedpit/prompts)' },
    ),
    rule(
      'nano-serves-shells-only',
      { path: '^(src|peers|protocols)/', pathNot: `^src/${any([...shells, 'nano'])}/` },
      { path: '^src/nano/' },
    ),
    rule('wire-knows-no-engine', { path: '^protocols/' }, { path: '^(peers/|src/(?!core/))' }),
    {
      name: 'protocols-are-islands',
      severity: 'error',
      from: { path: '^protocols/([^/]+)/' },
      to: { path: '^protocols/', pathNot: '^protocols/($1|wire)/' },
    },
    rule(
      'behaviour-is-pure',
      { path: '^peers/(kernel|behaviour)/' },
      { path: '^(peers/wiring|protocols)/', dependencyTypesNot: ['type-only'] },
    ),
    rule('behaviour-does-no-io', { path: '^peers/(kernel|behaviour)/' }, { dependencyTypes: ['core'] }),
    rule(
      'behaviour-uses-pure-maths-only',
      { path: '^peers/(kernel|behaviour)/' },
      { path: '^src/(?!(core|averaging)/)', dependencyTypesNot: ['type-only'] },
    ),
    rule('peers-know-no-shell', { path: '^peers/' }, { path: `^src/${any(shells)}/` }),
    rule('lab-knows-no-cli', { path: '^src/lab/' }, { path: '^src/cli/' }),
    rule(
      'shells-see-protocol-types-only',
      { path: `^src/${any(shells)}/` },
      { path: '^protocols/', dependencyTypesNot: ['type-only'] },
    ),
    rule('one-door-to-onnxruntime', { pathNot: '^src/onnx/session' }, { path: 'node_modules/onnxruntime-' }),
    rule(
      'one-door-to-gossipsub',
      { pathNot: '^peers/wiring/libp2p/' },
      { path: 'node_modules/@chainsafe/libp2p-gossipsub' },
    ),
    rule('nothing-imports-leaves', { path: '^(src|peers|protocols)/' }, { path: '^(scripts|tests)/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.cjs$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
}
