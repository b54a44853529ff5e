namespace AppChain.Crypto;

/// <summary>A signature that may be good, opened: valid exactly if s·G − R − e·P is the point at infinity.</summary>
internal struct SchnorrTerm
{
    /// <summary>Where its answer goes.</summary>
    public int Check;

    /// <summary>The point of the signature, lift_x(r).</summary>
    public AffinePoint R;

    /// <summary>The public key's point, lift_x(P).</summary>
    public AffinePoint P;

    /// <summary>λ times the public key's point.</summary>
    public AffinePoint LambdaP;

    /// <summary>The second half of the signature.</summary>
    public Scalar S;

    /// <summary>The challenge: the tagged hash of r, P and the message, modulo n.</summary>
    public Scalar E;
}
