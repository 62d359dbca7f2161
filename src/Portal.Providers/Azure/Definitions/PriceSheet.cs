using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Score;

namespace Portal.Providers.Azure.Definitions;

/// <summary>
/// <c>prices.yaml</c>: the sizes of a definition and what an hour of each costs. Azure's own bill is the truth; this is
/// the estimate.
/// </summary>
internal static class PriceSheet
{
    public const string FileName = "prices.yaml";

    public static IReadOnlyList<EnvironmentSize> Read(string folder, string name)
    {
        var yaml = YamlNodes.Read(Path.Combine(folder, FileName), $"{name}/{FileName}");
        yaml.OnlyKnows(yaml.Root, "", "currency", "source", "sizes");
        var currency = yaml.Required(yaml.Root, "", "currency");
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper))
        {
            throw yaml.Wrong(
                "/currency", $"'{currency}' is no currency: give three capital letters of ISO 4217, e.g. EUR.");
        }
        var source = yaml.Required(yaml.Root, "", "source");
        List<EnvironmentSize> sizes = [];
        foreach (var (node, at) in yaml.Objects("sizes"))
        {
            yaml.OnlyKnows(node, at, "name", "cpu", "memory", "pricePerHour");
            var (cpu, price, memory) = (
                yaml.Number(node, at, "cpu"), yaml.Number(node, at, "pricePerHour"), yaml.Required(node, at, "memory"));
            if (cpu <= 0) throw yaml.Wrong($"{at}/cpu", "cpu must be above 0.");
            if (price < 0) throw yaml.Wrong($"{at}/pricePerHour", "pricePerHour must not be below 0.");
            if (Quantity.MiB(memory) is not { } mebibytes)
            {
                throw yaml.Wrong($"{at}/memory", $"'{memory}' is no amount of memory: write it like 512Mi or 1.75Gi.");
            }
            var size = new EnvironmentSize(
                yaml.Required(node, at, "name"), cpu, mebibytes, new Money(price, currency), source);
            if (sizes.Any(s => s.Name == size.Name))
            {
                throw yaml.Wrong($"{at}/name", $"the size {size.Name} is there twice.");
            }
            sizes.Add(size);
        }
        return sizes.Count > 0
            ? [.. sizes.OrderBy(s => s.MemoryMiB)] : throw yaml.Wrong("/sizes", "sizes is missing or empty.");
    }
}
