namespace Grpc.Core;

/// <summary>Tells which static method binds a generated service base class.</summary>
/// <param name="bindType">The class that declares it.</param>
/// <param name="bindMethodName">Its name.</param>
[AttributeUsage(AttributeTargets.Class)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The class that declares the binding method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>The binding method's name.</summary>
    public string BindMethodName { get; } = bindMethodName;
}
