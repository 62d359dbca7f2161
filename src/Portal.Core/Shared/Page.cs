namespace Portal.Core.Shared;

/// <summary>A part of a longer list, with the length of the whole.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total);
