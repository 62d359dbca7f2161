namespace Portal.Core.Shared.Files;

/// <summary>One file of a <see cref="FileTree"/>.</summary>
/// <param name="Path">Relative, with forward slashes, without <c>.</c>, <c>..</c> or empty segments.</param>
/// <param name="Content">The bytes; for a symbolic link its target.</param>
/// <param name="Executable">Mode 755 instead of 644.</param>
/// <param name="IsLink">A symbolic link; never followed.</param>
public sealed record TreeFile(string Path, ReadOnlyMemory<byte> Content, bool Executable = false, bool IsLink = false);
