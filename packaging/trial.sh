#!/bin/bash
# Installs, serves, upgrades, removes and purges the package, on a copy of this system that nobody sees and that is gone
# afterwards: all that is written goes into memory.
#   trial.sh OLD.deb NEW.deb NEW-VERSION PORT
set -euo pipefail
# Nothing here is piped into `grep -q`: it closes the pipe before the other end has said all.

if [ "${LIANXIN_TRIAL:-}" != inside ]; then
    exec env LIANXIN_TRIAL=inside unshare --mount --pid --fork --kill-child "$0" "$@"
fi

if [ "$1" != chrooted ]; then
    copy=$(mktemp -d)
    mount -t tmpfs tmpfs "$copy"
    mkdir "$copy/upper" "$copy/work" "$copy/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/upper,workdir=$copy/work" "$copy/root"
    mount -t proc proc "$copy/root/proc"
    mount --rbind /dev "$copy/root/dev"
    # No trace of a running systemd: the unit's command is started by hand.
    mount -t tmpfs tmpfs "$copy/root/run"
    cp "$1" "$copy/root/old.deb"
    cp "$2" "$copy/root/new.deb"
    cp "$0" "$copy/root/trial.sh"
    status=0
    env -i LIANXIN_TRIAL=inside PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
        chroot "$copy/root" /trial.sh chrooted "$3" "$4" || status=$?
    umount --lazy --recursive "$copy"
    rmdir "$copy"
    exit "$status"
fi

version=$2 port=$3
trap 'echo "trial: line $LINENO failed: $BASH_COMMAND" >&2' ERR

as_its_user() {
    cd /var/lib/lianxin
    exec setpriv --reuid lianxin --regid lianxin --clear-groups --no-new-privs "$@"
}

health() {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /health HTTP/1.0\r\n\r\n' >&3
    cat <&3
    exec 3>&-
}

# Starts what the unit starts, as it does, and waits until it answers.
serve() {
    (as_its_user $(sed -n 's/^ExecStart=//p' /lib/systemd/system/lianxin.service)) >/dev/null &
    server=$!
    until health 2>/dev/null | grep '"status":"ok"' >/dev/null; do
        kill -0 "$server"
        sleep 0.1
    done
}

stop() {
    kill -TERM "$server"
    wait "$server"
}

dpkg --install /old.deb >/dev/null
test "$(stat -c %U:%G:%a /var/lib/lianxin)" = lianxin:lianxin:700
test "$(stat -c %U:%G:%a /etc/lianxin/lianxin.toml)" = root:lianxin:640
sed -i "s/^address = .*/address = \"127.0.0.1:$port\"/" /etc/lianxin/lianxin.toml
(as_its_user lianxin check --language en)
serve
(as_its_user lianxin user add keeper --name 主持人甲 --role host) | grep password >/dev/null
stop

dpkg --install /new.deb >/dev/null
test "$(dpkg-query --show --showformat '${Version}' lianxin)" = "$version"
grep -q "127.0.0.1:$port" /etc/lianxin/lianxin.toml
serve
(as_its_user lianxin user list) | grep '^keeper' >/dev/null
(as_its_user lianxin check --language en)
stop

dpkg --remove lianxin >/dev/null
test ! -e /usr/bin/lianxin
test -f /etc/lianxin/lianxin.toml
dpkg --purge lianxin | grep /var/lib/lianxin >/dev/null
test ! -e /etc/lianxin
test -f /var/lib/lianxin/lianxin.sqlite
echo "the package installs, serves, upgrades, and goes; the records stay"
