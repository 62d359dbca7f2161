using System.Globalization;

namespace Portal.Web.Shared;

/// <summary>Sizes as they are shown: "12 KiB", "3.4 MiB".</summary>
public static class Bytes
{
    private const long KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

    public static string Of(long bytes) => bytes switch
    {
        < KiB => $"{bytes} B",
        < MiB => $"{bytes / KiB} KiB",
        < GiB => $"{((decimal)bytes / MiB).ToString("0.#", CultureInfo.InvariantCulture)} MiB",
        _ => $"{((decimal)bytes / GiB).ToString("0.#", CultureInfo.InvariantCulture)} GiB",
    };
}
