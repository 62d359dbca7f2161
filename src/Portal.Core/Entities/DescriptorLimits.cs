using Portal.Core.Shared;

namespace Portal.Core.Entities;

/// <summary>
/// What a descriptor file may cost whoever reads it. Each limit is said in the error of who passes it.
/// </summary>
public static class DescriptorLimits
{
    /// <summary>Of the file itself, in bytes.</summary>
    public const int MaxFile = 5_000_000;

    /// <summary>Entities of one file.</summary>
    public const int MaxEntities = 10_000;

    /// <summary>Of one entity with the texts that it includes, in characters of JSON.</summary>
    public const int MaxEntity = 2_000_000;

    /// <summary>Of all entities of a file with the texts that they include, in characters of JSON.</summary>
    public const int MaxEntitiesOfFile = 20_000_000;

    /// <summary>Files that one descriptor file includes.</summary>
    public const int MaxIncludes = 100;

    /// <summary>Other entities that one entity names.</summary>
    public const int MaxRelations = 2_000;

    /// <summary>Of one such name: each is a key of an index.</summary>
    public const int MaxReference = 200;

    internal static readonly YamlLimits File = new(MaxFile, MaxNodes: 500_000);

    /// <summary>What stands in the catalog was taken with its includes; it is brought back as it was.</summary>
    internal static readonly YamlLimits Restored = new(4 * MaxEntitiesOfFile, MaxNodes: 1_000_000);
}
