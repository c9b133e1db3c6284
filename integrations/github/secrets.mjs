const names = [
  "COMETCHAT_API_KEY",
  "COMETCHAT_MANAGEMENT_KEY",
  "COMETCHAT_MANAGEMENT_SECRET",
  "INPUT_GITHUB_TOKEN",
];

/** Values that must not stand in a comment, whatever else went wrong. */
export function secretsOf(env) {
  return names.flatMap((name) => ((env[name] ?? "").length >= 8 ? [env[name]] : []));
}

/** A text in which none of these values stands. */
export function withoutSecrets(text, secrets) {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
}

/**
 * The environment for the command line: a manifest may name any variable, so the token that can write
 * to the repository is not among them.
 */
export function toolEnvironment(env) {
  const isOurs = (name) => /^(?:INPUT_|ACTIONS_)/.test(name) || /^(?:GITHUB|GH)_TOKEN$/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}

/** The environment for what only builds or installs: no key of the app is any business of a package's. */
export function buildEnvironment(env) {
  const others = Object.entries(toolEnvironment(env)).filter(
    ([name]) => !name.startsWith("COMETCHAT_"),
  );
  return Object.fromEntries(others);
}
