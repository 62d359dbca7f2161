namespace ${{ values.project }}.Api.Greetings;

/// <param name="Message">The greeting, ready to show.</param>
public sealed record Greeting(string Message)
{
    /// <summary>The text that the service greets with. Change it, push, and the dev environment shows it.</summary>
    public const string Word = "Hello";

    public static Greeting For(string name) => new($"{Word}, {name}.");
}
