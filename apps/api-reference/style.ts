/** The page's one style sheet, in the shop's colours. */
export const STYLE = `
:root { --page:#fbfaf7; --panel:#f1eee7; --ink:#1c1a17; --soft:#5d574d; --line:#ddd7ca; --act:#0b4f6c; --cut:#b4472e; --good:#4b6b2f; color-scheme:light dark }
@media (prefers-color-scheme:dark) { :root { --page:#1c1a17; --panel:#26231f; --ink:#f1eee7; --soft:#b5ad9f; --line:#3a362f; --act:#7cc0de; --cut:#e8937d; --good:#a9c98a } }
* { box-sizing:border-box }
body { margin:0; display:grid; grid-template-columns:18rem minmax(0,1fr); background:var(--page); color:var(--ink); font:15px/1.5 system-ui,sans-serif }
nav { position:sticky; top:0; height:100vh; overflow:auto; padding:16px; background:var(--panel); font-size:13px }
nav h2 { margin:16px 0 4px; font-size:12px; color:var(--soft) } nav ul { list-style:none; margin:0; padding:0 } nav a { display:block; padding:2px 0; color:inherit; text-decoration:none; overflow-wrap:anywhere } nav a:hover { text-decoration:underline }
.brand { margin:0; font-weight:600 }
main { padding:24px 32px; max-width:68rem } section { padding:16px 0; border-top:1px solid var(--line); scroll-margin-top:8px }
h1 { font-size:26px; margin:0 0 8px } h2.tag { margin:32px 0 8px; font-size:20px } h3 { margin:0 0 4px; font-size:16px; font-weight:600 } h4 { margin:16px 0 4px; font-size:13px; color:var(--soft) }
a { color:var(--act) } code,pre { font:13px/1.5 ui-monospace,monospace } pre { background:var(--panel); padding:12px; overflow:auto } small { color:var(--soft) }
table { border-collapse:collapse; width:100%; font-size:13px } th,td { text-align:left; vertical-align:top; padding:4px 12px 4px 0; border-bottom:1px solid var(--line); font-weight:400; overflow-wrap:anywhere } thead th { color:var(--soft) } i { color:var(--cut); font-style:normal; font-size:11px }
b.get { color:var(--good) } b.post,b.put,b.patch { color:var(--act) } b.delete { color:var(--cut) } nav b { display:inline-block; width:3.6em; font-size:10px }
@media (max-width:800px) { body { display:block } nav { position:static; height:auto; max-height:40vh } main { padding:16px } }
`
