/** The style of the page, in a file of its own: pages of ours have no styles inside. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --ground: #fff;
  --raised: #f3f5f7;
  --text: #1b2128;
  --soft: #55606c;
  --line: #d5dbe1;
  --link: #0b5cad;
  --get: #0b6b3a;
  --post: #0b5cad;
  --put: #8a4b00;
  --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161b;
    --raised: #1b2128;
    --text: #e6eaee;
    --soft: #a3afbb;
    --line: #333d47;
    --link: #7db8f5;
    --get: #6fd39b;
    --post: #7db8f5;
    --put: #f0b36a;
    --delete: #ff9a91;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
nav { padding: 1rem; border-bottom: 1px solid var(--line); }
nav h2 { margin: 1rem 0 0.25rem; font-size: 0.875rem; color: var(--soft); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.2rem 0; color: inherit; font-size: 0.875rem; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
h1 small { color: var(--soft); font-size: 1rem; font-weight: normal; }
section > h2 { margin: 3rem 0 0; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
article { margin: 0; padding: 1rem 0; border-bottom: 1px solid var(--line); scroll-margin-top: 1rem; }
article:target { box-shadow: -0.75rem 0 0 var(--ground), -1rem 0 0 var(--link); }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0.5rem 0; }
b.get { color: var(--get); }
b.post { color: var(--post); }
b.put, b.patch { color: var(--put); }
b.delete { color: var(--delete); }
.caller, .failures, .answer { color: var(--soft); font-size: 0.875rem; }
.failures span { margin-right: 0.75rem; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
th, td { padding: 0.25rem 0.5rem 0.25rem 0; text-align: left; vertical-align: top; font-weight: normal; }
th { width: 9rem; }
summary { padding: 0.25rem 0; cursor: pointer; font-size: 0.875rem; }
details details { margin-left: 1rem; }
pre { max-height: 24rem; margin: 0.25rem 0; padding: 0.75rem; overflow: auto; background: var(--raised); border-radius: 6px; overflow-wrap: normal; }
@media (min-width: 70rem) {
  body { display: grid; grid-template-columns: 20rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-right: 1px solid var(--line); border-bottom: 0; }
  main { padding: 1rem 2rem; }
}
`
