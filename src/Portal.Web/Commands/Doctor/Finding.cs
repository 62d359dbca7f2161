namespace Portal.Web.Commands.Doctor;

/// <summary>From good to bad.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>Works, and will not always.</summary>
    Warn,
    Fail,
}

/// <summary>What one check saw.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Message">What is so, one line.</param>
/// <param name="Mend">What to do; null when nothing is to be done.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Message, string? Mend = null)
{
    public static Finding Ok(string check, string message) => new(check, Verdict.Ok, message);

    public static Finding Warn(string check, string message, string mend) => new(check, Verdict.Warn, message, mend);

    public static Finding Fail(string check, string message, string mend) => new(check, Verdict.Fail, message, mend);
}
