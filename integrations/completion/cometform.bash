# Completion of cometform for bash. To have it in this shell:
#   source <(cometform completion bash)
# shellcheck shell=bash

_cometform() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command="" words="" kind="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case ${COMP_WORDS[index]} in
      -*) ;;
      *)
        command=${COMP_WORDS[index]}
        break
        ;;
    esac
  done
  case $command in
    "") words='init validate plan drift apply destroy export show graph fmt explain schema emulate completion help --help --version' ;;
    init)
      case $previous in
        --stack | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        --emulator-data | --faults) kind='file' ;;
        *) words='--from-app --stack --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    validate)
      case $previous in
        --policy | --file | -f | --var-file) kind='file' ;;
        --var | --env) words='' ;;
        *) words='--json --policy --file -f --var --var-file --env --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    plan)
      case $previous in
        --out | -o | --markdown | --html | --json-file | --policy | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --max-duration | --only | --except | --prune | --allow | --take-over | --write-secret | --var | --env | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --bulk) words='auto off' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --out -o --markdown --html --json-file --detailed-exitcode --max-duration --policy --only --except --prune --allow --take-over --write-secret --bulk --read --file -f --var --var-file --env --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    drift)
      case $previous in
        --receipt | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --only | --except | --var | --env | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --receipt --only --except --read --file -f --var --var-file --env --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    apply)
      case $previous in
        --receipt | --events | --markdown | --html | --json-file | --policy | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --lock-timeout | --expect-digest | --max-duration | --only | --except | --prune | --allow | --take-over | --write-secret | --var | --env | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --bulk) words='auto off' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --yes -y --resume --receipt --events --lock-timeout --expect-digest --markdown --html --json-file --max-duration --policy --only --except --prune --allow --take-over --write-secret --bulk --read --file -f --var --var-file --env --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    destroy)
      case $previous in
        --receipt | --events | --markdown | --html | --json-file | --policy | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --lock-timeout | --max-duration | --only | --except | --var | --env | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --yes -y --resume --receipt --events --lock-timeout --markdown --html --json-file --max-duration --policy --only --except --read --file -f --var --var-file --env --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    export)
      case $previous in
        --out | -o | --emulator-data | --faults) kind='file' ;;
        --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--out -o --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' ;;
      esac
      ;;
    show)
      case $previous in
        --markdown | --html | --json-file) kind='file' ;;
        *) words='--json --markdown --html --json-file --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    graph)
      case $previous in
        --format) words='mermaid dot svg' ;;
        --out | -o | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --only | --except | --prune | --allow | --take-over | --write-secret | --var | --env | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --bulk) words='auto off' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--format --out -o --only --except --prune --allow --take-over --write-secret --bulk --read --file -f --var --var-file --env --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    fmt)
      case $previous in
        *) words='--check --diff --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    explain)
      case $previous in
        *) words='version include stack provider policy forget variables environments defaults generate roles users groups webhooks role user group webhook api/already-so api/credentials api/interrupted api/not-found api/rejected api/throttled api/unknown-outcome api/unreachable api/unreadable app/configuration app/other-app app/other-region apply/locked apply/no-lock attribute/required cli/allow cli/bad-value cli/conflicting-flags cli/consent cli/dependent-flag cli/events cli/except cli/extra-argument cli/format cli/missing-argument cli/no-plan cli/no-run cli/only cli/other-run cli/prune cli/saved-plan cli/stack cli/take-over cli/two-outputs cli/unknown-attribute cli/unknown-command cli/unknown-flag cli/unknown-schema cli/unknown-shell cli/unreadable-run cli/write-secret dialect/fixed dialect/unsupported drift/edited-receipt drift/no-receipt drift/other-receipt emulator/start file/empty-folder file/in-the-way file/no-file file/not-found file/not-ours file/not-text file/unreadable file/unwritable group/last-admin group/no-admin limit/body limit/count limit/metadata limit/no-room limit/tags manifest/alias-cycle manifest/bad-id manifest/bad-key manifest/bad-merge manifest/bad-pattern manifest/bad-row manifest/bad-variable manifest/duplicate-id manifest/duplicate-item manifest/duplicate-key manifest/duplicate-member manifest/empty manifest/exposed-secret manifest/forbidden-variable manifest/forgotten-and-declared manifest/inexact-number manifest/invalid-value manifest/literal-secret manifest/malformed-variable manifest/missing-attribute manifest/no-effect manifest/not-a-manifest manifest/not-forgettable manifest/not-formattable manifest/not-text manifest/null-value manifest/reserved manifest/several-documents manifest/syntax manifest/too-deep manifest/too-long manifest/too-many manifest/too-many-aliases manifest/too-short manifest/undeclared-reference manifest/undeclared-variable manifest/unknown-anchor manifest/unknown-attribute manifest/unknown-environment manifest/unknown-kind manifest/unreadable-include manifest/unreadable-table manifest/unset-variable manifest/variable-file manifest/wrong-type metadata/private ownership/asleep ownership/foreign ownership/not-ours ownership/nothing-to-take plan/no-effect plan/no-manifest plan/not-applicable plan/other-digest plan/stale plan/stale-object plan/too-long policy/budget policy/file policy/no-mark policy/violation reactivate/second-apply read/incomplete read/untold read/webhooks reference/in-use reference/missing webhook/ambiguous webhook/id webhook/trigger --json --quiet -q --verbose -v --no-color --help -h' ;;
      esac
      ;;
    schema)
      case $previous in
        *) words='manifest plan events receipt faults --quiet -q --verbose -v --no-color --help -h' ;;
      esac
      ;;
    emulate)
      case $previous in
        --dialect) words='vendor collection' ;;
        --host | --port | --quota | --latency | --users | --page-max) words='' ;;
        --data | --faults) kind='file' ;;
        *) words='--dialect --host --port --data --memory --quota --latency --faults --sample --users --page-max --quiet -q --verbose -v --no-color --help -h' ;;
      esac
      ;;
    completion)
      case $previous in
        *) words='bash zsh fish --quiet -q --verbose -v --no-color --help -h' ;;
      esac
      ;;
    help)
      case $previous in
        *) words='init validate plan drift apply destroy export show graph fmt explain schema emulate completion' ;;
      esac
      ;;
  esac
  if [[ -n $words ]]; then
    local IFS=$' \n'
    # The words are ours and have no blanks.
    # shellcheck disable=SC2207
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
  if [[ $kind == file && $current != -* ]]; then
    # Nothing is told, so that bash looks for files itself.
    COMPREPLY=()
  elif type compopt >/dev/null 2>&1; then
    compopt +o default +o bashdefault 2>/dev/null
  fi
}

complete -o bashdefault -o default -F _cometform cometform
