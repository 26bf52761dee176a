#!/bin/sh
# Becomes a box, in a mount and a network namespace that unshare made for it and that go away with it:
#   box.sh FOLDER ROOT NAME ADDRESS FLEET [NSPAWN-OPTION...]
# FOLDER keeps the box's disk; ROOT lies below it, and is not written to; FLEET is the process whose network the box is plugged into.
# STRATA_BOX_CGROUPS names the trees of control groups.
set -eu
folder=$1 root=$2 name=$3 address=$4 fleet=$5
shift 5

# Without groups of their own boxes would share one.
for tree in $(echo "$STRATA_BOX_CGROUPS" | tr : ' '); do
  mkdir -p "$tree/strata-boxes-$fleet/$name"
  echo $$ >"$tree/strata-boxes-$fleet/$name/cgroup.procs"
done

mkdir -p "$folder/upper" "$folder/work" "$folder/disk"
mount -t overlay "$name" -o "lowerdir=$root,upperdir=$folder/upper,workdir=$folder/work" "$folder/disk"
echo "$name" >"$folder/disk/etc/hostname"
cp "$folder/../hosts" "$folder/disk/etc/hosts"

# The cable. What was on the switch under this name belonged to an earlier life of the box.
in_fleet() { nsenter --net="/proc/$fleet/ns/net" ip "$@"; }
in_fleet link del "$name" 2>/dev/null || true
ip link add host0 type veth peer name "$name" netns "$fleet"
in_fleet link set "$name" master switch up
ip link set lo up
ip addr add "$address/24" dev host0
ip link set host0 up

echo $$ >"$folder/process"
# There may be no systemd on this machine (hence no machine to register with), and the box sees one tree of groups, however this
# machine has them. Should its guard be killed, it goes too.
export UNIFIED_CGROUP_HIERARCHY=1
exec setpriv --pdeathsig KILL systemd-nspawn --quiet --boot --directory="$folder/disk" --machine="strata-$fleet-$name" --hostname="$name" \
  --register=no --keep-unit --network-namespace-path=/proc/$$/ns/net --console=pipe --resolv-conf=off --timezone=off \
  --link-journal=no --kill-signal=SIGRTMIN+4 "$@" </dev/null
