namespace Portal.Web.GoldenPaths.Fields;

/// <summary>
/// Says of fields that name something outside whether the name is free, and what its address will be.
/// </summary>
public interface INameCheck
{
    /// <summary>Null when the field names nothing, or not enough is filled in.</summary>
    NameAddress? AddressAt(string path);

    /// <summary>A sentence when the name is taken.</summary>
    string? ProblemAt(string path);
}

/// <param name="IsFree">Null while it is looked up, or when the host does not answer.</param>
public sealed record NameAddress(string Url, bool? IsFree);
