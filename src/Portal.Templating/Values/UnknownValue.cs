namespace Portal.Templating;

/// <summary>A value that only the run will know.</summary>
/// <param name="Description">Where it comes from.</param>
/// <param name="Preview">What is shown in its place: the marker, with the known text around it where there is
/// some.</param>
internal sealed record UnknownValue(string Description, string Preview)
{
    public const string Marker = "(known after the run)";
}
