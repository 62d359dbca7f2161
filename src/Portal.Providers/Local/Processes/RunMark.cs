using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// A tag as a number that a process keeps although it clears its environment, leaves its group and loses its parent: the hard limit on
/// real-time processor time (RLIMIT_RTTIME, microseconds), which every child inherits over fork and exec. It limits nothing: it is above
/// 70,000 years, and no job may schedule in real time. Upper bits: what stands before the tag's last dot; lower bits: what follows.
/// </summary>
internal readonly record struct RunMark(ulong Value)
{
    /// <summary>Of util-linux, as setsid and setpriv.</summary>
    public const string Tool = "/usr/bin/prlimit";

    private const int Base = 61;
    private const int LowBits = 23;

    private static ReadOnlySpan<byte> Name => "Max realtime timeout"u8;

    public static RunMark Of(string tag)
    {
        var dot = tag.LastIndexOf('.');
        var (group, rest) = dot < 0 ? (tag, "") : (tag[..dot], tag[(dot + 1)..]);
        // Jobs and starts are counted; only another tag needs a hash here.
        var low = ulong.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1ul << LowBits - 1
            ? number
            : 1ul << LowBits - 1 | Hash(rest, LowBits - 1);
        return new RunMark(1ul << Base | Hash(group, Base - LowBits) << LowBits | low);
    }

    /// <summary>Whether this process can give marks: somebody else (a portal whose job this one is) may have set the limit already.</summary>
    public static bool CanGive { get; } = Read("self") is null && File.Exists(Tool);

    /// <summary>The mark of a process; null when it has none or is gone.</summary>
    public static RunMark? Of(int pid) => Read(pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether it is that of <paramref name="wanted"/>, or of the same group.</summary>
    public bool Matches(RunMark wanted, bool group) => group ? Value >> LowBits == wanted.Value >> LowBits : Value == wanted.Value;

    /// <summary>A search for anybody's tag asks every process of the machine: so no lines and words are made of what it says.</summary>
    private static RunMark? Read(string process)
    {
        try
        {
            ReadOnlySpan<byte> limits = File.ReadAllBytes($"/proc/{process}/limits");
            var at = limits.IndexOf(Name);
            if (at < 0) return null;
            limits = limits[(at + Name.Length)..];
            // The soft limit, then the hard one; "unlimited" is no number.
            var hard = limits.TrimStart((byte)' ');
            hard = hard[Math.Max(0, hard.IndexOf((byte)' '))..].TrimStart((byte)' ');
            return Utf8Parser.TryParse(hard, out ulong value, out _) ? new RunMark(value) : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static ulong Hash(string text, int bits) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text))) & ((1ul << bits) - 1);
}
