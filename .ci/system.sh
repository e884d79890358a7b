# Sourced by .ci/setup: messages, and the system's package manager.
# shellcheck shell=sh

say() { printf '==> %s\n' "$*"; }

stop() {
    printf 'sparklink: %s\n' "$*" >&2
    exit 1
}

# Run a command as root, or fail if that needs a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# Print this system's package names for the given needs (zbar, browser, postgres, fonts).
package_names() {
    names=
    for need in $1; do
        case $need in
            zbar) apt=libzbar0 brew=zbar ;;
            browser) apt='chromium libatomic1' brew= ;; # Playwright needs libatomic1; on macOS it brings its own browser
            postgres) apt=postgresql brew=postgresql@17 ;;
            fonts) apt=fonts-noto-core brew= ;;
        esac
        if [ "$(uname)" = Darwin ]; then names="$names $brew"; else names="$names $apt"; fi
    done
    echo "${names# }"
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null; }

# Try to install packages, named in one string. The caller checks the result.
system_install() {
    if command -v apt-get >/dev/null 2>&1; then
        as_root true || return 0
        say "Installing with apt: $1"
        apt_get update || true
        for package in $1; do # one by one, so that a name this release lacks does not block the others
            apt_get install --yes --no-install-recommends "$package" || say "apt could not install $package"
        done
    elif command -v brew >/dev/null 2>&1; then
        say "Installing with brew: $1"
        # shellcheck disable=SC2086
        brew install $1 </dev/null || true
    fi
}

# Print the command with which a person can install packages.
install_hint() {
    if command -v apt-get >/dev/null 2>&1; then
        echo "sudo apt-get install $1"
    elif [ "$(uname)" = Darwin ]; then
        echo "brew install $1"
    else
        echo "with your system's package manager: $1"
    fi
}

python_hint() {
    if [ "$(uname)" = Darwin ]; then
        install_hint python@3.13
    else
        install_hint "python3 python3-venv"
    fi
}
