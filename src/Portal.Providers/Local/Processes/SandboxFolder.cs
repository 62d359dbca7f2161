namespace Portal.Providers.Local.Processes;

/// <summary>A folder or file of the machine that can be seen inside a sandbox.</summary>
/// <param name="Path">On the machine.</param>
/// <param name="Inside">Its path inside; null for the same.</param>
internal sealed record SandboxFolder(string Path, bool Writable, string? Inside = null)
{
    public static SandboxFolder ReadOnly(string path) => new(path, Writable: false);

    public static SandboxFolder Own(string path, string? inside = null) => new(path, Writable: true, inside);
}

/// <summary>
/// What a sandbox is made of. Whatever is not named here does not exist inside, but for the system's own programs.
/// </summary>
/// <param name="Tag">Letters, digits, dots, dashes. Unique; by it a later portal finds what this one left.</param>
/// <param name="Home">HOME inside; one of <paramref name="Folders"/>, or below one.</param>
/// <param name="Temp">What <c>/tmp</c> is inside.</param>
/// <param name="MemoryMiB">Of all processes together.</param>
/// <param name="Weight">Of the processor when it is scarce; the portal has 100.</param>
/// <param name="Denied">
/// What it does not reach of the network outside. Null: there is nothing but a loopback of its own, as there always is.
/// </param>
internal sealed record SandboxSpec(
    string Tag, string Home, string Temp, IReadOnlyList<SandboxFolder> Folders, int MemoryMiB =
        4096, int Weight = 25, IReadOnlyList<System.Net.IPNetwork>? Denied = null);
