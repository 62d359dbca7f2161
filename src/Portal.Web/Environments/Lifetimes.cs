using System.Xml;
using Portal.Core.Shared;

namespace Portal.Web.Environments;

/// <summary>A lifetime that may be missing.</summary>
internal readonly record struct Lifetimes(TimeSpan? Value)
{
    public static Result<Lifetimes> Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new Lifetimes(null);
        try
        {
            return new Lifetimes(XmlConvert.ToTimeSpan(text));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return Error.Invalid("lifetime-invalid", "Write lifetime as an ISO 8601 duration, for example P7D for seven days or PT4H for four hours.");
        }
    }
}
