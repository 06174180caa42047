/** The report's looks, for light and dark screens. */
export const style = `
:root { --ink: #1c2430; --soft: #5d6b7d; --line: #dde3ea; --paper: #fff; --tile: #f5f7fa;
  --global: #2563c9; --local: #c2571a; --base: #8a94a3;
  --joining: #b9c3cf; --generating: #6aa7a0; --training: #c2571a; --averaging: #2563c9; --personalising: #e39b3f; --evaluating: #8a63b8; --idle: #e4e9ef; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa7b8; --line: #303a47; --paper: #141a22; --tile: #1d2530;
  --global: #6ea3f2; --local: #e98b52; --joining: #5b6776; --idle: #2a333f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 20px 64px; }
h1 { font-size: 28px; margin: 0; } h2 { font-size: 18px; margin: 40px 0 0; }
.lead { color: var(--soft); margin: 4px 0 20px; } .note { color: var(--soft); margin: 2px 0 12px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; }
.tile { background: var(--tile); border-radius: 8px; padding: 14px 16px; }
.tile b { display: block; font-size: 24px; font-weight: 650; } .tile span { color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 16px; }
svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
svg .title, svg .name { fill: var(--ink); font-size: 13px; font-weight: 600; }
.grid line { stroke: var(--line); } polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.global { stroke: var(--global); } circle.global { fill: var(--global); }
polyline.local { stroke: var(--local); } circle.local { fill: var(--local); }
line.base { stroke: var(--base); stroke-width: 1.5; stroke-dasharray: 5 4; }
.phase.joining { fill: var(--joining); } .phase.generating { fill: var(--generating); } .phase.training { fill: var(--training); }
.phase.averaging, .phase.exchanging { fill: var(--averaging); }
.phase.personalising { fill: var(--personalising); } .phase.evaluating { fill: var(--evaluating); }
.phase.idle, .phase.leaving { fill: var(--idle); }
.key { display: inline-block; margin-right: 14px; font-size: 13px; }
.key::before { content: ""; display: inline-block; width: 12px; height: 12px; margin-right: 5px; border-radius: 3px; vertical-align: -1px; background: var(--c); }
.key.global { --c: var(--global); } .key.local { --c: var(--local); } .key.base { --c: var(--base); }
.key.joining { --c: var(--joining); } .key.generating { --c: var(--generating); } .key.training { --c: var(--training); }
.key.averaging, .key.exchanging { --c: var(--averaging); } .key.personalising { --c: var(--personalising); }
.key.evaluating { --c: var(--evaluating); } .key.idle { --c: var(--idle); }
.picker { display: flex; flex-wrap: wrap; gap: 6px; position: relative; } .picker input { position: absolute; opacity: 0; }
.picker label { padding: 3px 10px; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; font-size: 13px; }
.picker input:checked + label { background: var(--global); border-color: var(--global); color: var(--paper); }
.picker input:focus-visible + label { outline: 2px solid var(--local); }
.picked { order: 1; width: 100%; display: none; } .picker input:checked + label + .picked { display: block; }
svg.topology { width: 250px; } line.carried { stroke: var(--global); stroke-width: 1.5; stroke-opacity: .7; }
line.failed { stroke: var(--local); stroke-width: 1.5; stroke-dasharray: 4 3; }
circle.member { fill: var(--ink); } circle.absent { fill: var(--paper); stroke: var(--soft); }
.key.carried { --c: var(--global); } .key.failed { --c: var(--local); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
td:first-child { width: 1%; } .facts td { text-align: left; }
th { color: var(--soft); font-weight: 500; font-size: 13px; } th:first-child, td:first-child { text-align: left; }
`
