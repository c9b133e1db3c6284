import { keyOf, oursOf, toBody, toMarker } from "./sticky.mjs";

const label = "cometform-drift";

/**
 * Keeps one open issue as long as there is drift, where one is wanted: opens it, brings it up to date,
 * and closes it when the app is as it should be again.
 */
export async function writeIssue(run, { title, text, isDrift }) {
  const { inputs, env, event, github, secrets } = run;
  if (!inputs.issue) {
    return;
  }
  const key = keyOf(env, inputs);
  const path = `/repos/${event.repository}/issues`;
  const search = async () => {
    const rows = await github.list(`${path}?state=open&labels=${label}`);
    return oursOf(rows, { key, author: inputs.commentAuthor })[0];
  };
  const found = await search();
  if (!isDrift) {
    if (found !== undefined) {
      await github.change(`${path}/${found.number}`, {
        state: "closed",
        state_reason: "completed",
      });
    }
    return;
  }
  const what = "What to do: apply the manifest again, or bring it in line with the app.";
  const body = toBody(toMarker({ type: "drift", key }), `${what}${text}`, secrets);
  if (found === undefined) {
    await github.create(path, { title: titled(title, inputs), body, labels: [label] }, search);
  } else {
    await github.change(`${path}/${found.number}`, { body });
  }
}

function titled(title, { environment }) {
  return environment === "" ? title : `${title} (${environment})`;
}
