# shellcheck shell=sh
# Writes ~/.netrc_buf from BUF_TOKEN and exports NETRC, so that buf, git, Go and curl find the token by themselves.
# Sourced by sh, bash or zsh; docs/credentials.md tells what is read and what is written.
#
#   . scripts/lib/buf_netrc.sh
#   buf_setup_netrc [--required] [FOLDER]
#
# FOLDER is the workspace; without it, the root of the work tree around the current folder. Where there is no token,
# this fails if --required was given or a Buf file of the workspace names a remote; else it does and says nothing.
# The same rules in Python are tasks/nox_rings/schema/credentials/model.py; one table tests both.
#
# All work is done in a subshell: options, traps and variables, the token among them, are gone when it ends. The token
# passes through shell built-ins only, because every user of a machine can read the arguments of its processes.

buf_setup_netrc() {
    if (_buf_setup "$@"); then
        export NETRC="$HOME/.netrc_buf"
    else
        # 3: there is no token, and nobody needs one.
        [ "$?" -eq 3 ] || return 1
    fi
}

_buf_setup() {
    { set +x; } 2>/dev/null
    [ -z "${ZSH_VERSION-}" ] || emulate sh
    # shellcheck disable=SC3044  # only bash comes this far
    [ -z "${BASH_VERSION-}" ] || shopt -u failglob
    set +aCf
    unset IFS
    # Ranges and classes mean ASCII, and files in any other encoding can be read.
    export LC_ALL=C
    _buf_parse_arguments "$@" || return
    _buf_own=$HOME/.netrc_buf
    _buf_sweep
    _buf_choose_token
    _buf_find_their_netrc
    _buf_require_token || return
    [ -n "$_buf_token" ] || return 3
    _buf_add_to_rc && _buf_write
}

_buf_parse_arguments() {
    _buf_required='' _buf_folder=''
    for _buf_word in "$@"; do
        case $_buf_word in
            --required) _buf_required=yes ;;
            -*) _buf_fail "buf_setup_netrc: found $_buf_word, expected [--required] [FOLDER]" || return ;;
            *) _buf_folder=$_buf_word ;;
        esac
    done
    [ -n "${HOME-}" ] || _buf_fail 'HOME: found it unset, expected your home folder' || return
    [ -d "${_buf_folder:-.}" ] || _buf_fail "$_buf_folder: found no such folder, expected a workspace"
}

_buf_fail() {
    printf '%s\n' "$1" >&2
    return 1
}

# --- The token ------------------------------------------------------------------------------------------------------

# Sets _buf_root, _buf_token (empty: none) and _buf_found, which says what was found instead of one.
_buf_choose_token() {
    _buf_token='' _buf_found='it neither in .env nor in the environment'
    _buf_root=$_buf_folder
    if [ -z "$_buf_root" ]; then
        _buf_find_work_tree
        _buf_take_from ./.env
    fi
    [ -n "$_buf_token" ] || _buf_take_from "$_buf_root/.env"
    _buf_trim "${BUF_TOKEN-}"
    if [ -z "$_buf_token" ]; then
        _buf_take "$_buf_trimmed" 'the environment'
    elif [ -n "$_buf_trimmed" ] && [ "$_buf_trimmed" != "$_buf_token" ]; then
        # The usual cause: a container that was started with --env-file before .env changed.
        echo 'BUF_TOKEN: .env and the environment differ, and buf reads the environment first; try: unset BUF_TOKEN' >&2
    fi
}

# The nearest folder with a .git. git itself refuses a work tree of another user, which is how a container sees one of
# its host's.
_buf_find_work_tree() {
    _buf_root=$PWD
    until [ -e "$_buf_root/.git" ]; do
        [ -n "$_buf_root" ] || { _buf_root=$PWD && return; }
        _buf_root=${_buf_root%/*}
    done
}

_buf_take_from() {
    [ -f "$1" ] || return 0
    _buf_read_env "$1"
    _buf_take "$_buf_value" .env
}

_buf_take() {
    [ -n "$1" ] || return 0
    if _buf_is_token "$1"; then
        _buf_token=$1
    else
        _buf_found="something in $2 that is neither TOKEN nor TOKEN@REMOTE,…"
    fi
}

# Sets _buf_value to what the last assignment in this file says.
_buf_read_env() {
    _buf_value='' _buf_bom=$(printf '\357\273\277')
    while IFS= read -r _buf_line || [ -n "$_buf_line" ]; do
        _buf_trim "${_buf_line#"$_buf_bom"}"
        _buf_bom=''
        case $_buf_trimmed in export[[:space:]]*) _buf_trim "${_buf_trimmed#export}" ;; esac
        case $_buf_trimmed in BUF_TOKEN*) _buf_trim "${_buf_trimmed#BUF_TOKEN}" ;; *) continue ;; esac
        case $_buf_trimmed in =*) _buf_trim "${_buf_trimmed#=}" ;; *) continue ;; esac
        case $_buf_trimmed in
            '"'*'"'*) _buf_value=${_buf_trimmed#'"'} _buf_value=${_buf_value%%'"'*} ;;
            "'"*"'"*) _buf_value=${_buf_trimmed#"'"} _buf_value=${_buf_value%%"'"*} ;;
            '#'*) _buf_value='' ;;
            *) _buf_value=${_buf_trimmed%%[[:space:]]'#'*} ;;
        esac
        _buf_trim "$_buf_value"
        _buf_value=$_buf_trimmed
    done <"$1"
}

_buf_trim() {
    _buf_trimmed=${1#"${1%%[![:space:]]*}"}
    _buf_trimmed=${_buf_trimmed%"${_buf_trimmed##*[![:space:]]}"}
}

# TOKEN or TOKEN@REMOTE,… with tokens as RFC 6750 §2.1 wants them and no remote twice. Anything else is refused by buf
# or would be read as another line of a netrc.
_buf_is_token() {
    _buf_seen=' '
    _buf_split "$1"
    while _buf_next; do
        case $_buf_secret in '' | *[!A-Za-z0-9._~+/=-]*) return 1 ;; esac
        case $_buf_remote in '' | *[!A-Za-z0-9.:-]*) return 1 ;; esac
        case $_buf_seen in *" $_buf_remote "*) return 1 ;; esac
        _buf_seen="$_buf_seen$_buf_remote "
    done
}

# Then each _buf_next sets _buf_secret and _buf_remote, until it fails. buf sends a TOKEN without @ to every remote, but
# a netrc needs a name: it gets that of the public one.
_buf_split() {
    case $1 in *[@,]*) _buf_rest=$1, ;; *) _buf_rest=$1@buf.build, ;; esac
}

_buf_next() {
    [ -n "$_buf_rest" ] || return 1
    _buf_remote=${_buf_rest%%,*} _buf_rest=${_buf_rest#*,}
    _buf_secret=${_buf_remote%%@*}
    case $_buf_remote in *@*) _buf_remote=${_buf_remote#*@} ;; *) _buf_remote='' ;; esac
}

_buf_print_remotes() {
    [ -n "$_buf_token" ] || return 0
    _buf_split "$_buf_token"
    while _buf_next; do printf '%s ' "$_buf_remote"; done
}

# --- Who needs one --------------------------------------------------------------------------------------------------

# Fails for the first remote that is needed and that neither the token nor the user's netrc knows. As buf does it, a
# TOKEN without @ counts for every remote.
_buf_require_token() {
    case $_buf_token in '' | *@*) ;; *) return 0 ;; esac
    _buf_known=" $(_buf_print_remotes) $(_buf_print_machines) "
    case $_buf_known in *' default '*) return 0 ;; esac
    _buf_lacking=$(_buf_print_needs | while read -r _buf_host _buf_user; do
        case $_buf_known in *" $_buf_host "*) continue ;; esac
        printf '%s for %s (https://%s/settings/user makes one)' "$_buf_host" "$_buf_user" "$_buf_host"
        break
    done)
    [ -n "$_buf_lacking" ] || return 0
    [ -z "$_buf_token" ] || _buf_found='none but those of other remotes'
    _buf_fail "BUF_TOKEN: found $_buf_found, expected a token of $_buf_lacking; try: echo 'BUF_TOKEN=…' >> .env"
}

# REMOTE FILE, a line each: plugins (`remote:`; `plugin:` in templates before v2 and in a buf.yaml), and `deps:` that no
# module of the workspace provides under its `name:`. Read by line, since a shell has no YAML.
_buf_print_needs() {
    [ -z "$_buf_required" ] || [ -n "$_buf_token" ] || echo 'buf.build this workspace'
    (CDPATH='' cd -- "$_buf_root" && _buf_read_buf_files) | command awk '
        $1 == "name" { provided[$2] = 1; next }
        { kind[++count] = $1; module[count] = $2; sub(/^[^ ]+ [^ ]+ \.\//, ""); file[count] = $0 }
        END {
            for (i = 1; i <= count; i++) {
                if (kind[i] == "dep" && module[i] in provided) continue
                sub(/\/.*/, "", module[i])
                print module[i], file[i]
            }
        }'
}

# KIND MODULE FILE, a line each. Folders that may not be read hold nothing of ours.
_buf_read_buf_files() {
    command find . -type d \( -name node_modules -o -name '.?*' \) -prune -o \
        -type f \( -name 'buf.gen*.yaml' -o -name buf.yaml \) -exec awk '
        function note(kind, text,   parts) {
            gsub(/^[ \t-]+|["\047]/, "", text)
            sub(/[] \t,}].*/, "", text)
            # HOST/OWNER/NAME[:REF]; what has no dot or port in its first part is a local program or path.
            if (split(text, parts, "/") != 3 || parts[1] !~ /^[A-Za-z0-9-]+[.:][A-Za-z0-9.:-]*$/) return
            sub(/:.*/, "", parts[3])
            print kind, parts[1] "/" parts[2] "/" parts[3], FILENAME
        }
        FNR == 1 { in_deps = 0 }
        {
            sub(/\r$/, "")
            sub(/(^|[ \t])#.*/, "")
            rest = $0
            while (match(rest, /(^|[ \t,{-])(remote|plugin)[ \t]*:/)) {
                rest = substr(rest, RSTART + RLENGTH)
                note("plugin", rest)
            }
        }
        match($0, /^[ \t-]*name[ \t]*:/) { note("name", substr($0, RSTART + RLENGTH)) }
        /^[^ \t-]/ { in_deps = sub(/^deps[ \t]*:/, "") }
        in_deps {
            sub(/^[ \t]*\[/, "")
            count = split($0, items, ",")
            for (i = 1; i <= count; i++) note("dep", items[i])
        }' {} + 2>/dev/null
}

# --- The files ------------------------------------------------------------------------------------------------------

# Sets _buf_theirs to the netrc that the user keeps. NETRC names ours from the first call on; its first line says which
# file it was made from.
_buf_find_their_netrc() {
    _buf_header='# Made anew by each buf_setup_netrc: the remotes of BUF_TOKEN, then a copy of '
    _buf_theirs=${NETRC:-$HOME/.netrc}
    [ "$_buf_theirs" = "$_buf_own" ] || [ "$_buf_theirs" -ef "$_buf_own" ] || return 0
    _buf_theirs=$HOME/.netrc
    [ -r "$_buf_own" ] && IFS= read -r _buf_line <"$_buf_own" || return 0
    case $_buf_line in "$_buf_header"*) _buf_line=${_buf_line#"$_buf_header"} ;; *) return 0 ;; esac
    [ ! -e "$_buf_line" ] || _buf_theirs=$_buf_line
}

_buf_print_machines() {
    [ ! -r "$_buf_theirs" ] || _buf_read_netrc machines
}

# The user's netrc less the remotes that we write; with `machines`, only the names in it. A macro belongs to the machine
# before it (ftp(1)), so those of a machine that we write come first, behind our entry.
_buf_read_netrc() {
    command awk -v mode="${1-}" -v remotes="$(_buf_print_remotes)" '
        function unquoted(word) {
            if (sub(/^"/, "", word)) { sub(/"$/, "", word); gsub(/\\/, "", word) }
            return tolower(word)
        }
        function keep(text) { if (dropping) dropped = 1; else line = line text }
        function take(word, text) {
            if (want == "name") {
                want = ""
                names = names unquoted(word) " "
                dropping = unquoted(word) in ours
                keep(held text)
                held = ""
            }
            else if (want == "macro") {
                want = "body"
                keep(text)
                if (dropping) macros = macros "macdef " word "\n"
            }
            else if (want == "value") { want = ""; keep(text) }
            else if (word == "machine") { want = "name"; held = text }
            else if (word == "macdef") { want = "macro"; keep(text) }
            else {
                if (word == "default") { names = names "default "; dropping = 0 }
                if (word ~ /^(login|user|account|password)$/) want = "value"
                keep(text)
            }
        }
        BEGIN {
            ORS = ""
            count = split(remotes, words, " ")
            for (i = 1; i <= count; i++) ours[tolower(words[i])] = 1
        }
        want == "body" {
            if (dropping) macros = macros $0 "\n"; else kept = kept $0 "\n"
            if ($0 ~ /^\r?$/) want = ""
            next
        }
        {
            rest = $0; line = ""; dropped = 0
            while (want != "body" && match(rest, /^[ \t\r]*[^ \t\r]/)) {
                blanks = substr(rest, 1, RLENGTH - 1)
                rest = substr(rest, RLENGTH)
                if (want == "" && rest ~ /^#/) {
                    # A comment on a line of its own is about what follows.
                    if (line == "" && !dropped) line = blanks rest; else keep(blanks rest)
                    rest = ""
                    break
                }
                if (!match(rest, /^"([^"\\]|\\.)*"/)) match(rest, /^[^ \t\r]+/)
                word = substr(rest, 1, RLENGTH)
                rest = substr(rest, RLENGTH + 1)
                take(word, blanks word)
            }
            if (want == "name") { held = held rest "\n"; kept = kept line }
            else if (line != "" || !dropped) kept = kept line rest "\n"
        }
        END {
            if (mode == "machines") { print names; exit }
            if (want == "body" && dropping) macros = macros "\n"
            print macros kept held
        }' <"$_buf_theirs"
}

_buf_render() {
    printf '%s\n' "$_buf_header$_buf_theirs" || return
    _buf_split "$_buf_token"
    while _buf_next; do
        printf 'machine %s login token password %s\n' "$_buf_remote" "$_buf_secret" || return
    done
    [ ! -e "$_buf_theirs" ] || _buf_read_netrc
}

# mktemp: nobody can have put a link at a name that nobody can guess. The names say who writes, for the sweep.
_buf_write() {
    _buf_temporary=''
    trap '[ -z "$_buf_temporary" ] || command rm -f -- "$_buf_temporary"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # mv would move it into the folder behind a link.
    [ ! -h "$_buf_own" ] || command rm -f -- "$_buf_own"
    [ ! -d "$_buf_own" ] || _buf_fail "$_buf_own: found a folder, expected to write a file there" || return
    _buf_writer=$(exec sh -c 'echo "$PPID"')
    if _buf_temporary=$(umask 077 && command mktemp "$_buf_own.tmp.$_buf_writer.XXXXXX") &&
        _buf_render >"$_buf_temporary" && command mv -f -- "$_buf_temporary" "$_buf_own"; then
        _buf_temporary=''
    else
        _buf_fail "$_buf_own: could not write it; it is as it was"
    fi
}

# What a killed call left behind: it may hold a token.
_buf_sweep() {
    for _buf_left in "$_buf_own".tmp.*.*; do
        [ -f "$_buf_left" ] || continue
        _buf_writer=${_buf_left#"$_buf_own".tmp.}
        command kill -0 "${_buf_writer%%.*}" 2>/dev/null || command rm -f -- "$_buf_left"
    done
}

# One line, appended in place because the file may be a link into a repository of settings. Whoever has turned it into
# a comment, or had it before, keeps it so.
_buf_add_to_rc() {
    if [ -n "${ZSH_VERSION-}" ]; then
        _buf_rc=${ZDOTDIR:-$HOME}/.zshrc
    elif [ -n "${BASH_VERSION-}" ]; then
        _buf_rc=$HOME/.bashrc
    else
        _buf_rc=$HOME/.profile
    fi
    # shellcheck disable=SC2016  # the rc file is to expand it
    _buf_line='[ ! -f "$HOME/.netrc_buf" ] || export NETRC="$HOME/.netrc_buf"'
    ! command grep -qsF -- "${_buf_line#*|| export }" "$_buf_rc" || return 0
    _buf_break=''
    [ ! -f "$_buf_rc" ] || [ -z "$(command tail -c 1 -- "$_buf_rc")" ] || _buf_break='
'
    { printf '%s%s\n' "$_buf_break" "$_buf_line" >>"$_buf_rc"; } 2>/dev/null ||
        _buf_fail "$_buf_rc: could not append to it, expected this line there: $_buf_line"
}
