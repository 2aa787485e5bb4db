# what: system calls that belong to the kernel's owner
use Errno;
my %calls = (
    init_module => 175, finit_module => 313, delete_module => 176, kexec_load => 246, reboot => 169,
    swapon => 167, mount => 165, umount2 => 166, pivot_root => 155, chroot => 161, unshare => 272,
    setns => 308, bpf => 321, perf_event_open => 298, open_by_handle_at => 304, userfaultfd => 323,
    add_key => 248, keyctl => 250, settimeofday => 164, sethostname => 170, iopl => 172, acct => 163,
    move_mount => 429, fsopen => 430, fsmount => 432, setuid => 105, setgid => 106,
);
my %first = (unshare => 0x10000000);
for my $name (sort keys %calls) {
    my $answer = syscall($calls{$name}, $first{$name} // 0, 0, 0, 0, 0);
    print "$name " unless $answer == -1 && ($!{EPERM} || $!{ENOSYS} || $!{EACCES});
}
