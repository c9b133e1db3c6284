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
    "") words='init validate plan apply destroy export show fmt explain schema emulate completion help --help --version' ;;
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
        --file | -f | --var-file) kind='file' ;;
        --var) words='' ;;
        *) words='--json --file -f --var --var-file --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    plan)
      case $previous in
        --out | -o | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --max-duration | --only | --except | --prune | --allow | --take-over | --write-secret | --var | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --bulk) words='auto off' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --out -o --detailed-exitcode --max-duration --only --except --prune --allow --take-over --write-secret --bulk --read --file -f --var --var-file --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    apply)
      case $previous in
        --receipt | --events | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --lock-timeout | --expect-digest | --max-duration | --only | --except | --prune | --allow | --take-over | --write-secret | --var | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --bulk) words='auto off' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --yes -y --resume --receipt --events --lock-timeout --expect-digest --max-duration --only --except --prune --allow --take-over --write-secret --bulk --read --file -f --var --var-file --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    destroy)
      case $previous in
        --receipt | --events | --file | -f | --var-file | --emulator-data | --faults) kind='file' ;;
        --lock-timeout | --max-duration | --only | --except | --var | --app-id | --base-url | --concurrency | --timeout | --quota-share | --quota) words='' ;;
        --read) words='auto list point' ;;
        --region) words='us eu in' ;;
        --dialect) words='auto vendor collection' ;;
        *) words='--json --yes -y --resume --receipt --events --lock-timeout --max-duration --only --except --read --file -f --var --var-file --app-id --region --base-url --dialect --emulator --emulator-data --faults --concurrency --timeout --quota-share --quota --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
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
        *) words='--json --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    fmt)
      case $previous in
        *) words='--check --diff --quiet -q --verbose -v --no-color --help -h' kind='file' ;;
      esac
      ;;
    explain)
      case $previous in
        *) words='--json --quiet -q --verbose -v --no-color --help -h' ;;
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
        *) words='init validate plan apply destroy export show fmt explain schema emulate completion' ;;
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
