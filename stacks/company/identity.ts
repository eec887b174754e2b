/** What the example company's environments share. Put your own accounts here. */
export const company = {
  aws: {
    account: "123456789012",
    admins: ["arn:aws:iam::123456789012:role/platform-admin", "arn:aws:iam::123456789012:role/petrichor-deploy"],
    viewers: ["arn:aws:iam::123456789012:role/developer"],
  },
  azure: {
    subscription: "11111111-2222-4333-8444-555555555555",
    tenant: "66666666-7777-4888-8999-000000000000",
    admins: ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"],
    viewers: ["bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"],
  },
  /** Public addresses of the office and of the pipeline's runners. */
  trustedCidrs: ["203.0.113.0/24"],
  tags: { "cost-center": "platform" },
};
