import type * as iam from "@pulumi/aws/iam";

/** When a service may take a role, beyond being that service. */
type Condition = Readonly<Record<string, string>>;

/** Lets EKS run a cluster with the role, for clusters of this account only. */
export function trustEks(account: string): iam.PolicyDocument {
  return trust("eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], { "aws:SourceAccount": account });
}

/** Lets instances use the role. EC2 only ever acts for the account that the role is in. */
export function trustInstances(): iam.PolicyDocument {
  return trust("ec2.amazonaws.com", ["sts:AssumeRole"]);
}

/** Lets the VPC write its flow logs with the role. */
export function trustFlowLogs(account: string): iam.PolicyDocument {
  return trust("vpc-flow-logs.amazonaws.com", ["sts:AssumeRole"], { "aws:SourceAccount": account });
}

/** Lets the pods of one service account in one cluster use the role. */
export function trustPods(clusterName: string, namespace: string, serviceAccount: string): iam.PolicyDocument {
  return trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], {
    "aws:RequestTag/eks-cluster-name": clusterName,
    "aws:RequestTag/kubernetes-namespace": namespace,
    "aws:RequestTag/kubernetes-service-account": serviceAccount,
  });
}

function trust(service: string, actions: string[], condition?: Condition): iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: actions,
        ...(condition === undefined ? {} : { Condition: { StringEquals: condition } }),
      },
    ],
  };
}
